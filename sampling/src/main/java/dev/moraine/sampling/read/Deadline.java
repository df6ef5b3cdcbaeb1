package dev.moraine.sampling.read;

import java.time.Duration;
import org.agrona.concurrent.NanoClock;

/**
 * The instant at which a caller stops waiting, on a monotonic clock.
 *
 * <p>Immutable; as thread-safe as its clock.
 */
public final class Deadline {
    /** Longer waits than this, about 146 years, are cut to it, so that no sum of two of them overflows. */
    static final long MAX_TIMEOUT_NS = Long.MAX_VALUE / 2;

    private final NanoClock clock;
    private final long startNs;
    private final long timeoutNs;

    private Deadline(NanoClock clock, long timeoutNs) {
        this.clock = clock;
        this.startNs = clock.nanoTime();
        this.timeoutNs = timeoutNs;
    }

    /**
     * A deadline that lies so far ahead of now.
     *
     * @param clock the clock that measures it
     * @param timeout how far ahead; zero or less has passed already
     * @return the deadline
     */
    public static Deadline after(NanoClock clock, Duration timeout) {
        long timeoutNs;
        if (timeout.compareTo(Duration.ofNanos(MAX_TIMEOUT_NS)) >= 0) {
            timeoutNs = MAX_TIMEOUT_NS;
        } else {
            timeoutNs = timeout.isNegative() ? 0 : timeout.toNanos();
        }
        return new Deadline(clock, timeoutNs);
    }

    /**
     * A deadline on the same clock that lies so far ahead of now, but no later than this one.
     *
     * @param limitNs nanoseconds, at least 0
     * @return the earlier deadline
     */
    Deadline within(long limitNs) {
        return new Deadline(clock, Math.min(limitNs, remainingNs()));
    }

    /**
     * What is left of the wait.
     *
     * @return nanoseconds until the deadline, 0 when it has passed
     */
    public long remainingNs() {
        return Math.max(0, timeoutNs - elapsedNs());
    }

    /**
     * What has passed since the deadline was set.
     *
     * @return nanoseconds
     */
    public long elapsedNs() {
        return clock.nanoTime() - startNs;
    }

    /**
     * Whether the wait is over.
     *
     * @return true from the deadline on
     */
    public boolean hasPassed() {
        return remainingNs() == 0;
    }
}
