package dev.moraine.node.storagenode;

import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.RefusalReason;

/**
 * What a node did with bundles and certificates since its start, by reason. Thread-safe.
 */
public final class NodeCounters {
    private final ReasonCounts<NodeEvent> events = new ReasonCounts<>(NodeEvent.class);
    private final ReasonCounts<FailureCode> failures = new ReasonCounts<>(FailureCode.class);
    private final ReasonCounts<RefusalReason> refusals = new ReasonCounts<>(RefusalReason.class);
    private final ReasonCounts<UploadVerdict> uploads = new ReasonCounts<>(UploadVerdict.class);

    /** Counters at zero. */
    NodeCounters() {}

    /**
     * How often something happened.
     *
     * @param event what
     * @return since the start
     */
    public long count(NodeEvent event) {
        return events.get(event);
    }

    /**
     * How often a request failed.
     *
     * @param code why
     * @return since the start
     */
    public long count(FailureCode code) {
        return failures.get(code);
    }

    /**
     * How many entries were refused.
     *
     * @param reason why
     * @return since the start
     */
    public long count(RefusalReason reason) {
        return refusals.get(reason);
    }

    /**
     * How many pieces of bodies had an outcome.
     *
     * @param verdict the outcome
     * @return since the start
     */
    public long count(UploadVerdict verdict) {
        return uploads.get(verdict);
    }

    /**
     * Counts an event.
     *
     * @param event what happened
     */
    void add(NodeEvent event) {
        events.increment(event);
    }

    /**
     * Counts a failure.
     *
     * @param code why a request failed
     */
    void add(FailureCode code) {
        failures.increment(code);
    }

    /**
     * Counts a refused entry.
     *
     * @param reason why
     */
    void add(RefusalReason reason) {
        refusals.increment(reason);
    }

    /**
     * Counts a piece of a body.
     *
     * @param verdict what became of it
     */
    void add(UploadVerdict verdict) {
        uploads.increment(verdict);
    }
}
