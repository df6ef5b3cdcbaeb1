package dev.moraine.sampling.read;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who failed a reader, and how. A result can be good and still carry blame.
 *
 * @param faults every failure, in the order in which the reader learned of it
 */
public record BlameReport(List<MemberFault> faults) {
    /** Nobody failed. */
    public static final BlameReport NONE = new BlameReport(List.of());

    /** Takes a copy. */
    public BlameReport {
        faults = List.copyOf(faults);
    }

    /**
     * The members that gave an answer which no member that works and follows the protocol gives.
     *
     * @return places in the committee, ascending
     */
    public SortedSet<Integer> liars() {
        SortedSet<Integer> liars = new TreeSet<>();
        for (MemberFault fault : faults) {
            if (fault.kind().isLie()) {
                liars.add(fault.member());
            }
        }
        return liars;
    }

    /**
     * All members with a failure of any kind.
     *
     * @return places in the committee, ascending
     */
    public SortedSet<Integer> members() {
        SortedSet<Integer> members = new TreeSet<>();
        for (MemberFault fault : faults) {
            members.add(fault.member());
        }
        return members;
    }

    /**
     * How often each kind of failure happened.
     *
     * @return counts by kind; a kind that did not happen is missing
     */
    public Map<FaultKind, Integer> counts() {
        Map<FaultKind, Integer> counts = new EnumMap<>(FaultKind.class);
        for (MemberFault fault : faults) {
            counts.merge(fault.kind(), 1, Integer::sum);
        }
        return counts;
    }

    /**
     * This report followed by another.
     *
     * @param later the other report
     * @return both
     */
    public BlameReport and(BlameReport later) {
        List<MemberFault> both = new ArrayList<>(faults);
        both.addAll(later.faults);
        return new BlameReport(both);
    }
}
