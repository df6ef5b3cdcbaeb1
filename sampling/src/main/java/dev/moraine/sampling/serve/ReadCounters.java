package dev.moraine.sampling.serve;

import dev.moraine.wire.message.FailureCode;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/** What reading was asked for and how it ended, since the start. Thread-safe. */
public final class ReadCounters {
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong putOff = new AtomicLong();
    private final AtomicLong abandoned = new AtomicLong();
    private final Map<FailureCode, AtomicLong> failures = new EnumMap<>(FailureCode.class);

    /** Counters at zero. */
    ReadCounters() {
        for (FailureCode code : FailureCode.values()) {
            failures.put(code, new AtomicLong());
        }
    }

    /**
     * Requests whose answer was handed over to the last message.
     *
     * @return how many
     */
    public long answered() {
        return answered.get();
    }

    /**
     * Requests that were answered with Busy, because there was no room for them.
     *
     * @return how many
     */
    public long putOff() {
        return putOff.get();
    }

    /**
     * Answers that were given up, because their peer was gone or took nothing for too long.
     *
     * @return how many
     */
    public long abandoned() {
        return abandoned.get();
    }

    /**
     * Requests that failed as a whole.
     *
     * @param code why
     * @return how many
     */
    public long failures(FailureCode code) {
        return of(code).get();
    }

    /** Counts an answered request. */
    void addAnswered() {
        answered.incrementAndGet();
    }

    /** Counts a request that was put off. */
    void addPutOff() {
        putOff.incrementAndGet();
    }

    /** Counts an answer that was given up. */
    void addAbandoned() {
        abandoned.incrementAndGet();
    }

    /**
     * Counts a failure.
     *
     * @param code why
     */
    void addFailure(FailureCode code) {
        of(code).incrementAndGet();
    }

    private AtomicLong of(FailureCode code) {
        return Objects.requireNonNull(failures.get(code));
    }
}
