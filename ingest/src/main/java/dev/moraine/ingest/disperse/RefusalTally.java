package dev.moraine.ingest.disperse;

import dev.moraine.wire.message.EntryRefusal;
import dev.moraine.wire.message.RefusalReason;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Who refused which entries of a bundle, and why.
 *
 * <p>Belongs to one thread.
 */
final class RefusalTally {
    private final List<BitSet> refusersByEntry = new ArrayList<>();
    private final List<Map<RefusalReason, Integer>> weightsByEntry = new ArrayList<>();
    private final IntUnaryOperator weightOfMember;

    /**
     * Starts without refusals.
     *
     * @param entries how many entries the bundle has
     * @param weightOfMember how many shards a member holds
     */
    RefusalTally(int entries, IntUnaryOperator weightOfMember) {
        this.weightOfMember = weightOfMember;
        for (int i = 0; i < entries; i++) {
            refusersByEntry.add(new BitSet());
            weightsByEntry.add(new EnumMap<>(RefusalReason.class));
        }
    }

    /**
     * Takes what a node refused.
     *
     * @param member the node
     * @param refusals entries within the bundle
     */
    void add(int member, List<EntryRefusal> refusals) {
        for (EntryRefusal refusal : refusals) {
            refusersByEntry.get(refusal.entry()).set(member);
            weightsByEntry
                    .get(refusal.entry())
                    .merge(refusal.reason(), weightOfMember.applyAsInt(member), Integer::sum);
        }
    }

    /**
     * Who refused an entry.
     *
     * @param entry its index
     * @return the members, not to be changed
     */
    BitSet refusers(int entry) {
        return refusersByEntry.get(entry);
    }

    /**
     * How many shards refused an entry.
     *
     * @param entry its index
     * @return the weight of its refusers
     */
    int weight(int entry) {
        return refusers(entry).stream().map(weightOfMember).sum();
    }

    /**
     * What most shards that refused an entry gave as the reason.
     *
     * @param entry its index
     * @return the reason, or null if nobody refused it
     */
    @Nullable RefusalReason mainReason(int entry) {
        return weightsByEntry.get(entry).entrySet().stream()
                .max(Map.Entry.<RefusalReason, Integer>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .map(Map.Entry::getKey)
                .orElse(null);
    }
}
