package dev.moraine.ingest.peers;

import dev.moraine.proofs.certificate.BlsSecretKey;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.proofs.committee.InvalidCommitteeException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * A committee with the secret keys of its nodes. Epochs are an hour long and began at 1970, so that the current one is
 * {@link #EPOCH} at {@link #NOW_MS}.
 */
public record Deployment(Committee committee, List<BlsSecretKey> secretKeys) {
    /** The epoch of the tests' clocks. */
    public static final long EPOCH = 1000;

    /** Where the tests' clocks stand, in milliseconds. */
    public static final long NOW_MS = EPOCH * 3_600_000 + 1;

    /** How many epochs beyond the current one nodes keep blobs. */
    public static final long RETENTION_EPOCHS = 100;

    /**
     * Makes a committee.
     *
     * @param shardCounts how many shards each node holds
     * @return the committee and its keys
     */
    public static Deployment of(int... shardCounts) {
        SecureRandom random = new SecureRandom();
        List<BlsSecretKey> keys = new ArrayList<>();
        List<CommitteeMember> members = new ArrayList<>();
        int firstShard = 0;
        for (int i = 0; i < shardCounts.length; i++) {
            BlsSecretKey key = BlsSecretKey.generate(random);
            keys.add(key);
            // Addresses are no part of the deployment's identity; the tests connect to the ports that the system gave.
            members.add(new CommitteeMember(
                    "node-" + i, "127.0.0.1", 1 + i, key.publicKey(), key.proofOfPossession(), firstShard,
                    shardCounts[i]));
            firstShard += shardCounts[i];
        }
        try {
            return new Deployment(Committee.of(firstShard, 0, 3600, RETENTION_EPOCHS, members), List.copyOf(keys));
        } catch (InvalidCommitteeException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
