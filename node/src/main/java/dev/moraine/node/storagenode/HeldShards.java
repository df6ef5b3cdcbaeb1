package dev.moraine.node.storagenode;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.committee.ShardAssignment;
import dev.moraine.storage.store.PairLookup;
import dev.moraine.storage.store.SliverStore;

/**
 * The shards of one node. Immutable.
 *
 * @param geometry the committee's
 * @param first the first shard
 * @param count how many, at least 1
 */
record HeldShards(Geometry geometry, int first, int count) {
    /**
     * The pairs of a blob that live on these shards.
     *
     * @param blobId the blob
     * @return their indices, in the order of the shards
     */
    int[] pairsOf(BlobId blobId) {
        int[] pairs = new int[count];
        for (int i = 0; i < count; i++) {
            pairs[i] = ShardAssignment.pairOfShard(blobId, first + i, geometry.shards());
        }
        return pairs;
    }

    /**
     * Whether a store has every pair of a blob that lives on these shards, as far as is known without reading them.
     *
     * @param store the node's store
     * @param blobId the blob
     * @return true if none is missing
     */
    boolean isHeldBy(SliverStore store, BlobId blobId) {
        for (int pair : pairsOf(blobId)) {
            if (!store.hasPair(blobId, pair)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads every pair of a blob that lives on these shards. What turns out to be damaged is quarantined.
     *
     * @param store the node's store
     * @param blobId the blob
     * @return true if all are there and whole
     */
    boolean isReadableFrom(SliverStore store, BlobId blobId) {
        for (int pair : pairsOf(blobId)) {
            if (!isReadable(store, blobId, pair)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads a pair. If it turns out to be damaged it is quarantined.
     *
     * @param store the node's store
     * @param blobId the blob
     * @param pair the pair's index
     * @return true if it is there and whole
     */
    private static boolean isReadable(SliverStore store, BlobId blobId, int pair) {
        if (store.find(blobId, pair) instanceof PairLookup.Found found) {
            found.pair().release();
            return true;
        }
        return false;
    }
}
