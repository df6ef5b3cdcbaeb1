package dev.moraine.sampling.repair;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.proofs.committee.ShardAssignment;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.storage.store.PairLookup;
import dev.moraine.storage.store.SliverStore;

/**
 * What a node is to hold, and whether it does. Thread-safe.
 *
 * @param committee who holds what
 * @param member the node's place in it
 * @param store what it holds
 */
record OwnShards(Committee committee, int member, SliverStore store) {
    /**
     * The pairs of a blob that are this node's.
     *
     * @param blobId the blob
     * @return their indices
     */
    int[] pairsOf(BlobId blobId) {
        CommitteeMember self = committee.members().get(member);
        int[] pairs = new int[self.shardCount()];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = ShardAssignment.pairOfShard(
                    blobId, self.firstShard() + i, committee.geometry().shards());
        }
        return pairs;
    }

    /**
     * The node that a pair lives on.
     *
     * @param blobId the blob
     * @param pair the pair
     * @return the node's place in the committee
     */
    int holderOf(BlobId blobId, int pair) {
        return committee.memberOfShard(
                ShardAssignment.shardOfPair(blobId, pair, committee.geometry().shards()));
    }

    /**
     * Whether a sliver is here and whole; it is read.
     *
     * @param key which pair
     * @param axis which sliver
     */
    boolean isReadable(MissingPair.Key key, Axis axis) {
        if (store.findSliver(key.blobId(), key.pair(), axis) instanceof PairLookup.Found found) {
            found.pair().release();
            return true;
        }
        return false;
    }
}
