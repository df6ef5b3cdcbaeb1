package dev.moraine.proofs.certificate;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.committee.Committee;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a node checks about a statement before it may sign it, as far as the statement and its entries show (protocol,
 * section 5). The writer's signature and grants, the blobs' headers, the slivers and their durability are checked where
 * they are.
 *
 * <p>Immutable and thread-safe.
 */
public final class StatementRules {
    private final Committee committee;

    /**
     * A refusal.
     *
     * @param entry the refused entry's place, or {@link #WHOLE_BUNDLE}
     * @param reason why
     */
    public record Refusal(int entry, StatementRefusal reason) {
        /** Stands for the statement itself, whatever its entries are. */
        public static final int WHOLE_BUNDLE = -1;
    }

    /**
     * Makes the rules of a deployment.
     *
     * @param committee its committee
     */
    public StatementRules(Committee committee) {
        this.committee = committee;
    }

    /**
     * Checks a statement that is wanted signed.
     *
     * @param statement the statement
     * @param entries the entries that it is said to be over, any number
     * @param unixMs the node's time, in milliseconds since 1970
     * @return empty if nothing is against signing it; one refusal of the whole bundle; or one for each refused entry,
     *     ascending
     */
    public List<Refusal> check(Statement statement, List<BundleEntry> entries, long unixMs) {
        if (!statement.deploymentId().equals(committee.deploymentId())) {
            return wholeBundle(StatementRefusal.WRONG_DEPLOYMENT);
        }
        if (!committee.epochs().isSignable(statement.epoch(), unixMs)) {
            return wholeBundle(StatementRefusal.EPOCH_NOT_SIGNABLE);
        }
        if (!Bundle.isCountInRange(entries.size()) || statement.count() != entries.size()) {
            return wholeBundle(StatementRefusal.WRONG_COUNT);
        }
        if (!statement.bundleRoot().equals(Bundle.rootOf(entries))) {
            return wholeBundle(StatementRefusal.WRONG_ROOT);
        }
        return checkEntries(statement.epoch(), entries);
    }

    private List<Refusal> checkEntries(long epoch, List<BundleEntry> entries) {
        List<Refusal> refusals = new ArrayList<>();
        Set<BlobId> seen = HashSet.newHashSet(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            BundleEntry entry = entries.get(i);
            if (!seen.add(entry.blobId())) {
                refusals.add(new Refusal(i, StatementRefusal.DUPLICATE_BLOB));
            } else if (entry.expiryEpoch() < epoch) {
                refusals.add(new Refusal(i, StatementRefusal.EXPIRES_BEFORE_EPOCH));
            } else if (entry.expiryEpoch() - epoch > committee.retentionEpochs()) {
                // Both are at least 0, so the difference cannot overflow, as the sum of epoch and limit could.
                refusals.add(new Refusal(i, StatementRefusal.EXPIRES_BEYOND_RETENTION));
            }
        }
        return refusals;
    }

    private static List<Refusal> wholeBundle(StatementRefusal reason) {
        return List.of(new Refusal(Refusal.WHOLE_BUNDLE, reason));
    }
}
