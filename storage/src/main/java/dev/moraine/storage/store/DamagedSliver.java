package dev.moraine.storage.store;

import dev.moraine.proofs.blob.BlobId;

/**
 * A pair of which at least one sliver was found damaged, and which is to be repaired.
 *
 * @param blobId the blob
 * @param pairIndex which pair
 */
public record DamagedSliver(BlobId blobId, int pairIndex) {}
