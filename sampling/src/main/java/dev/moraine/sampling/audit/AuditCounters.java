package dev.moraine.sampling.audit;

import dev.moraine.wire.message.VerdictState;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/** What a node did for verdicts since its start. Thread-safe. */
public final class AuditCounters {
    // Filled once and only read afterwards.
    private final Map<VerdictState, AtomicLong> reads = new EnumMap<>(VerdictState.class);
    private final AtomicLong putOff = new AtomicLong();

    /** Counters at zero. */
    AuditCounters() {
        for (VerdictState state : VerdictState.values()) {
            reads.put(state, new AtomicLong());
        }
    }

    /**
     * Whole blobs that were read, or could not be.
     *
     * @param state what was found; {@link VerdictState#NOT_YET} for those that could not
     * @return since the start
     */
    public long reads(VerdictState state) {
        return of(state).get();
    }

    /**
     * Requests that were put off because too many wait.
     *
     * @return since the start
     */
    public long putOff() {
        return putOff.get();
    }

    void addRead(VerdictState state) {
        of(state).incrementAndGet();
    }

    private AtomicLong of(VerdictState state) {
        return Objects.requireNonNull(reads.get(state));
    }

    void addPutOff() {
        putOff.incrementAndGet();
    }
}
