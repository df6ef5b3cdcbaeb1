package dev.moraine.ingest.disperse;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What becomes of the batches of a bundle without a quorum: those that could not reach one in any bundle fail, the
 * others are bundled anew, together with those that the same nodes refused.
 *
 * <p>Belongs to one thread.
 */
final class BundleRemains {
    /** How often a batch is bundled before it fails; nodes that refuse at random would else keep it for ever. */
    static final int MAX_ATTEMPTS = 4;

    private final Map<BitSet, List<EncodedBatch>> again = new LinkedHashMap<>();
    private final Map<EncodedBatch, BatchFailure> failed = new LinkedHashMap<>();

    /**
     * Decides on every batch.
     *
     * @param batches the batches in the order of the bundle's entries
     * @param refusals who refused which of them
     * @param reachableShards shards whose nodes have not failed; those that refused other entries may still sign
     * @param quorum shards that must sign
     * @param summary what the nodes answered, for people
     */
    BundleRemains(
            List<EncodedBatch> batches, RefusalTally refusals, int reachableShards, int quorum, String summary) {
        for (int entry = 0; entry < batches.size(); entry++) {
            EncodedBatch batch = batches.get(entry);
            boolean hopeless = reachableShards - refusals.weight(entry) < quorum;
            if (hopeless || batch.attempts() >= MAX_ATTEMPTS) {
                failed.put(batch, failure(refusals, entry, summary));
            } else {
                again.computeIfAbsent(refusals.refusers(entry), refusers -> new ArrayList<>()).add(batch);
            }
        }
    }

    private static BatchFailure failure(RefusalTally refusals, int entry, String summary) {
        var reason = refusals.mainReason(entry);
        return reason == null
                ? BatchFailure.of(FailureReason.QUORUM_UNREACHABLE, summary)
                : new BatchFailure(FailureReason.REFUSED, reason, summary);
    }

    /** {@return the batches that fail, each with the reason} */
    Map<EncodedBatch, BatchFailure> failed() {
        return failed;
    }

    /** {@return the batches that are bundled anew, those of one bundle together} */
    Collection<List<EncodedBatch>> again() {
        return again.values();
    }
}
