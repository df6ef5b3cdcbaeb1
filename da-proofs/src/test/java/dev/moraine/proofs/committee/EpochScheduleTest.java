package dev.moraine.proofs.committee;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class EpochScheduleTest {
    private static final long GENESIS_MS = 1_700_000_000_000L;
    private static final long EPOCH_MS = 3_600_000;

    private final EpochSchedule schedule = new EpochSchedule(GENESIS_MS / 1_000, EPOCH_MS / 1_000);

    @Test
    void anEpochReachesFromItsFirstMillisecondToTheLastBeforeTheNext() {
        assertEquals(EpochSchedule.BEFORE_GENESIS, schedule.epochAt(GENESIS_MS - 1));
        assertEquals(0, schedule.epochAt(GENESIS_MS));
        assertEquals(0, schedule.epochAt(GENESIS_MS + EPOCH_MS - 1));
        assertEquals(1, schedule.epochAt(GENESIS_MS + EPOCH_MS));
        for (long epoch : new long[] {0, 1, 7, 1_000_000}) {
            assertEquals(epoch, schedule.epochAt(schedule.startMs(epoch)));
            assertEquals(epoch, schedule.epochAt(schedule.endMs(epoch) - 1));
            assertEquals(schedule.startMs(epoch + 1), schedule.endMs(epoch));
        }
    }

    @Test
    void theCurrentEpochIsSignable() {
        assertTrue(schedule.isSignable(5, schedule.startMs(5)));
        assertTrue(schedule.isSignable(5, schedule.endMs(5) - 1));
        assertFalse(schedule.isSignable(6, schedule.endMs(5) - 1));
        assertFalse(schedule.isSignable(7, schedule.startMs(6)));
    }

    @Test
    void theLastEpochIsSignableForAMinute() {
        long endMs = schedule.endMs(5);
        assertTrue(schedule.isSignable(5, endMs));
        assertTrue(schedule.isSignable(5, endMs + EpochSchedule.SIGNING_GRACE_MS - 1));
        assertFalse(schedule.isSignable(5, endMs + EpochSchedule.SIGNING_GRACE_MS));
        assertFalse(schedule.isSignable(4, endMs));
    }

    @Test
    void withEpochsShorterThanAMinuteOnlyTheLastOneIsSignableBesidesTheCurrentOne() {
        EpochSchedule fast = new EpochSchedule(0, 1);
        long nowMs = 100_500;
        assertEquals(100, fast.epochAt(nowMs));
        assertTrue(fast.isSignable(100, nowMs));
        assertTrue(fast.isSignable(99, nowMs));
        assertFalse(fast.isSignable(98, nowMs));
        assertFalse(fast.isSignable(101, nowMs));
    }

    @Test
    void nothingIsSignableBeforeGenesis() {
        for (long epoch : new long[] {Long.MIN_VALUE, -2, -1, 0, 1, Long.MAX_VALUE}) {
            assertFalse(schedule.isSignable(epoch, GENESIS_MS - 1), "epoch " + epoch);
            assertFalse(schedule.isSignable(epoch, Long.MIN_VALUE), "epoch " + epoch);
        }
        assertFalse(schedule.isSignable(-1, GENESIS_MS));
    }

    @Test
    void extremeEpochsAndTimesOverflowNothing() {
        for (long nowMs : new long[] {GENESIS_MS, schedule.startMs(9), Long.MAX_VALUE}) {
            assertFalse(schedule.isSignable(Long.MAX_VALUE, nowMs));
            assertFalse(schedule.isSignable(Long.MAX_VALUE - 1, nowMs));
            assertFalse(schedule.isSignable(Long.MIN_VALUE, nowMs));
        }
        assertEquals(Long.MAX_VALUE, schedule.endMs(Long.MAX_VALUE));
        assertEquals(Long.MAX_VALUE, schedule.startMs(Long.MAX_VALUE));
        long lastRepresentable = (Long.MAX_VALUE - GENESIS_MS) / EPOCH_MS;
        assertTrue(schedule.startMs(lastRepresentable) > 0);
        assertEquals(Long.MAX_VALUE, schedule.endMs(lastRepresentable));
        assertEquals(lastRepresentable, schedule.epochAt(Long.MAX_VALUE));
        EpochSchedule longest =
                new EpochSchedule(EpochSchedule.MAX_GENESIS_TIME_SECONDS, EpochSchedule.MAX_EPOCH_SECONDS);
        assertTrue(longest.endMs(0) > longest.startMs(0));
        assertEquals(0, longest.epochAt(longest.endMs(0) - 1));
    }

    @Test
    void negativeEpochsHaveNoStart() {
        assertThrows(IllegalArgumentException.class, () -> schedule.startMs(-1));
    }
}
