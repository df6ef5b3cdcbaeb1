package dev.moraine.sampling.read;

import java.util.ArrayList;
import java.util.List;

/** Collects the failures of one read. Used by the reading thread only. */
final class BlameLog {
    private final List<MemberFault> faults = new ArrayList<>();

    void add(int member, FaultKind kind, String detail) {
        faults.add(new MemberFault(member, kind, detail));
    }

    void addAll(BlameReport report) {
        faults.addAll(report.faults());
    }

    boolean blames(int member) {
        for (MemberFault fault : faults) {
            if (fault.member() == member) {
                return true;
            }
        }
        return false;
    }

    BlameReport report() {
        return new BlameReport(faults);
    }
}
