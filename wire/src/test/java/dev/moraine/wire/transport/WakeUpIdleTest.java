package dev.moraine.wire.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class WakeUpIdleTest {
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(20);

    @Test
    void aCallBeforeTheSleepIsNotLost() {
        WakeUpIdle idle = new WakeUpIdle(LONG_NS);
        long startNs = System.nanoTime();
        idle.wake();
        idle.wake();
        idle.idle(0);
        assertTrue(System.nanoTime() - startNs < LONG_NS / 2, "slept in spite of the call");
    }

    @Test
    void whoWorkedDoesNotSleep() {
        WakeUpIdle idle = new WakeUpIdle(LONG_NS);
        long startNs = System.nanoTime();
        idle.idle(1);
        assertTrue(System.nanoTime() - startNs < LONG_NS / 2, "slept after work");
    }

    @Test
    void everyAnnouncedItemIsSeenWithoutTheSleepRunningOut() throws InterruptedException {
        int items = 20_000;
        WakeUpIdle idle = new WakeUpIdle(LONG_NS);
        AtomicLong announced = new AtomicLong();
        AtomicLong seen = new AtomicLong();
        Thread agent = Thread.ofPlatform().daemon().start(() -> {
            while (seen.get() < items) {
                long now = announced.get();
                int work = (int) (now - seen.get());
                seen.set(now);
                idle.idle(work);
            }
        });
        long startNs = System.nanoTime();
        for (int i = 0; i < items; i++) {
            announced.incrementAndGet();
            idle.wake();
            if (i % 16 == 0) {
                while (seen.get() <= i && System.nanoTime() - startNs < LONG_NS) {
                    Thread.onSpinWait();
                }
            }
        }
        idle.wake();
        agent.join(TimeUnit.NANOSECONDS.toMillis(LONG_NS));
        assertEquals(items, seen.get());
    }

    @Test
    void unannouncedWorkIsFoundWhenTheSleepIsOver() {
        WakeUpIdle idle = new WakeUpIdle(1, TimeUnit.MILLISECONDS.toNanos(1));
        for (int i = 0; i < 20; i++) {
            idle.idle(0);
        }
        assertEquals("wake-up", idle.alias());
    }

    @Test
    void sleepsOutOfRangeAreRefusedByName() {
        assertRefused("maxSleepNs", () -> new WakeUpIdle(0));
        assertRefused("minSleepNs", () -> new WakeUpIdle(2, 1));
        long tooLongNs = TimeUnit.MINUTES.toNanos(1) + 1;
        assertRefused("maxSleepNs", () -> new WakeUpIdle(tooLongNs));
    }

    private static void assertRefused(String field, Executable construction) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, construction);
        assertTrue(String.valueOf(refusal.getMessage()).contains(field));
    }
}
