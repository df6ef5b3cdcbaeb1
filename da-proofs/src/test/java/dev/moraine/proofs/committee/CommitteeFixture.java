package dev.moraine.proofs.committee;

import dev.moraine.proofs.certificate.BlsSecretKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * A committee with fresh keys, and the secret ones beside it.
 *
 * @param committee the committee
 * @param secrets the secret key of each member
 */
public record CommitteeFixture(Committee committee, List<BlsSecretKey> secrets) {
    /** Start of epoch 0 of every committee here. */
    public static final long GENESIS_SECONDS = 1_700_000_000;

    /** Length of an epoch of every committee here. */
    public static final long EPOCH_SECONDS = 3_600;

    /** Retention limit of every committee here. */
    public static final long RETENTION_EPOCHS = 24;

    /**
     * Makes a committee.
     *
     * @param weights how many shards each node holds
     * @return the committee and its secret keys
     */
    public static CommitteeFixture ofWeights(int... weights) {
        List<BlsSecretKey> secrets = new ArrayList<>();
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < weights.length; i++) {
            secrets.add(BlsSecretKey.generate(random));
        }
        return ofSecrets(secrets, weights);
    }

    /**
     * Makes a committee of given keys.
     *
     * @param secrets the secret key of each node
     * @param weights how many shards each node holds
     * @return the committee and its secret keys
     */
    public static CommitteeFixture ofSecrets(List<BlsSecretKey> secrets, int... weights) {
        List<CommitteeMember> members = members(secrets, weights);
        int shards = members.getLast().firstShard() + members.getLast().shardCount();
        try {
            return new CommitteeFixture(
                    Committee.of(shards, GENESIS_SECONDS, EPOCH_SECONDS, RETENTION_EPOCHS, members), secrets);
        } catch (InvalidCommitteeException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Makes members with consecutive shard ranges.
     *
     * @param secrets their keys
     * @param weights how many shards each holds
     * @return the members
     */
    public static List<CommitteeMember> members(List<BlsSecretKey> secrets, int... weights) {
        List<CommitteeMember> members = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < weights.length; i++) {
            BlsSecretKey secret = secrets.get(i);
            members.add(new CommitteeMember(
                    "node-" + i,
                    "127.0.0.1",
                    9_000 + i,
                    secret.publicKey(),
                    secret.proofOfPossession(),
                    next,
                    weights[i]));
            next += weights[i];
        }
        return members;
    }
}
