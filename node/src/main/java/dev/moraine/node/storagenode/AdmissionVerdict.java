package dev.moraine.node.storagenode;

import dev.moraine.wire.message.EntryRefusal;
import dev.moraine.wire.message.FailureCode;
import java.util.List;

/** What became of an offer. */
sealed interface AdmissionVerdict {
    /**
     * The bodies may come.
     *
     * @param bundle the bundle, which whoever gets this must release
     */
    record Admitted(AdmittedBundle bundle) implements AdmissionVerdict {}

    /**
     * The bundle as a whole is refused.
     *
     * @param code why
     * @param text why, for people
     */
    record Failed(FailureCode code, String text) implements AdmissionVerdict {}

    /**
     * Some entries are refused, and with them the bundle.
     *
     * @param refusals each refused entry with the first reason found, at least one
     */
    record Refused(List<EntryRefusal> refusals) implements AdmissionVerdict {}

    /** There is no room for the bodies now. */
    record NotNow() implements AdmissionVerdict {}
}
