package dev.moraine.node.storagenode;

import dev.moraine.proofs.certificate.BlsSecretKey;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.proofs.committee.InvalidCommitteeException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** A committee of which all secret keys are known. */
record SampleCommittee(Committee committee, List<BlsSecretKey> keys) {
    static final long GENESIS_SECONDS = 1_700_000_000L;
    static final long EPOCH_SECONDS = 3_600;
    static final long RETENTION_EPOCHS = 10;

    /** Four nodes of one shard each. */
    static final SampleCommittee OF_FOUR_SHARDS = of(1, 1, 1, 1);

    /** Four nodes, three of which hold two shards. */
    static final SampleCommittee OF_SEVEN_SHARDS = of(2, 2, 2, 1);

    private static SampleCommittee of(int... shardCounts) {
        SecureRandom random = new SecureRandom();
        List<BlsSecretKey> keys = new ArrayList<>();
        List<CommitteeMember> members = new ArrayList<>();
        int firstShard = 0;
        for (int i = 0; i < shardCounts.length; i++) {
            BlsSecretKey key = BlsSecretKey.generate(random);
            keys.add(key);
            members.add(new CommitteeMember(
                    "node-" + i,
                    "localhost",
                    7_000 + i,
                    key.publicKey(),
                    key.proofOfPossession(),
                    firstShard,
                    shardCounts[i]));
            firstShard += shardCounts[i];
        }
        try {
            return new SampleCommittee(
                    Committee.of(firstShard, GENESIS_SECONDS, EPOCH_SECONDS, RETENTION_EPOCHS, members), keys);
        } catch (InvalidCommitteeException e) {
            throw new AssertionError(e);
        }
    }
}
