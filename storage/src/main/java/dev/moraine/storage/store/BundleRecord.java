package dev.moraine.storage.store;

import dev.moraine.proofs.blob.BlobId;
import java.util.List;

/**
 * What a node stores before it signs a bundle: all of it or, when there is no room, none of it.
 *
 * @param pairs the pairs, verified; those that are held already are not written again
 * @param retentions until when the blobs of the bundle must be kept
 */
public record BundleRecord(List<PairRecord> pairs, List<Retention> retentions) {
    /** Keeps the lists from being changed. */
    public BundleRecord {
        pairs = List.copyOf(pairs);
        retentions = List.copyOf(retentions);
    }

    /**
     * Until when a blob must be kept.
     *
     * @param blobId the blob
     * @param expiryEpoch the last epoch of its retention, at least 0
     */
    public record Retention(BlobId blobId, long expiryEpoch) {
        /**
         * Checks the epoch.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Retention {
            if (expiryEpoch < 0) {
                throw new IllegalArgumentException("expiryEpoch must be at least 0, but is " + expiryEpoch);
            }
        }
    }
}
