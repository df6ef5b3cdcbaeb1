package dev.moraine.sampling.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    /** Monotonic clocks may wrap around. */
    private final AtomicLong nowNs = new AtomicLong(Long.MAX_VALUE - 5);

    @Test
    void aDeadlinePassesWhenItsTimeoutIsOverAcrossAWrapOfTheClock() {
        Deadline deadline = Deadline.after(nowNs::get, Duration.ofNanos(10));
        assertEquals(10, deadline.remainingNs());
        nowNs.addAndGet(9);
        assertEquals(1, deadline.remainingNs());
        assertEquals(9, deadline.elapsedNs());
        assertFalse(deadline.hasPassed());
        nowNs.addAndGet(1);
        assertTrue(deadline.hasPassed());
        nowNs.addAndGet(1);
        assertEquals(0, deadline.remainingNs());
    }

    @Test
    void timeoutsOfAnySizeAreTaken() {
        assertTrue(Deadline.after(nowNs::get, Duration.ZERO).hasPassed());
        assertTrue(Deadline.after(nowNs::get, Duration.ofSeconds(Long.MIN_VALUE)).hasPassed());
        Deadline farthest = Deadline.after(nowNs::get, Duration.ofSeconds(Long.MAX_VALUE));
        assertEquals(Deadline.MAX_TIMEOUT_NS, farthest.remainingNs());
        nowNs.addAndGet(Deadline.MAX_TIMEOUT_NS - 1);
        assertFalse(farthest.hasPassed());
    }

    @Test
    void anEarlierDeadlineIsNeverLaterThanTheFirst() {
        Deadline deadline = Deadline.after(nowNs::get, Duration.ofNanos(10));
        assertEquals(4, deadline.within(4).remainingNs());
        assertEquals(10, deadline.within(11).remainingNs());
        nowNs.addAndGet(8);
        assertEquals(2, deadline.within(4).remainingNs());
    }
}
