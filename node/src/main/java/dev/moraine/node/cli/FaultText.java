package dev.moraine.node.cli;

import dev.moraine.proofs.committee.Committee;
import dev.moraine.sampling.read.BlameReport;
import dev.moraine.sampling.read.MemberFault;
import java.util.ArrayList;
import java.util.List;

/** Who failed, and how, for output. */
final class FaultText {
    /** So many faults are listed; further ones are only counted. */
    static final int MAX_LISTED = 64;

    private FaultText() {}

    /**
     * A failure of a node.
     *
     * @param node its name
     * @param kind how it failed
     * @param isLie whether no node that works and follows the protocol does this
     * @param detail what was asked for, and what came
     */
    record Fault(String node, String kind, boolean isLie, String detail) {}

    /**
     * The failures of a report.
     *
     * @param committee whose members failed
     * @param blame the report
     * @return at most {@link #MAX_LISTED} of them
     */
    static List<Fault> of(Committee committee, BlameReport blame) {
        List<Fault> faults = new ArrayList<>();
        for (MemberFault fault : blame.faults()) {
            if (faults.size() == MAX_LISTED) {
                break;
            }
            faults.add(new Fault(
                    committee.members().get(fault.member()).name(),
                    fault.kind().name(),
                    fault.kind().isLie(),
                    fault.detail()));
        }
        return faults;
    }
}
