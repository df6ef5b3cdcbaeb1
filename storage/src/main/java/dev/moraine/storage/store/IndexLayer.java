package dev.moraine.storage.store;

import dev.moraine.proofs.blob.BlobId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Changes of the index that are not on the disk yet.
 *
 * @param blobs new entries; an empty one removes the blob
 * @param bundles whether the certificate of each is held
 * @param feed certificates by their numbers; {@link FeedSlot#GONE} removes one
 */
record IndexLayer(Map<BlobId, BlobEntry> blobs, Map<BundleKey, Boolean> bundles, Map<Long, FeedSlot> feed) {
    /** No changes. */
    IndexLayer() {
        this(new ConcurrentHashMap<>(), new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    }

    int size() {
        return blobs.size() + bundles.size() + feed.size();
    }
}
