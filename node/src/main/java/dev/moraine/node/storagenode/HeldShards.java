package dev.moraine.node.storagenode;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.committee.ShardAssignment;
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
     * Whether a store has every pair of a blob that lives on these shards.
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
}
