package dev.moraine.sampling.serve;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WakeableIdleStrategyTest {
    @Test
    @Timeout(60)
    void noWorkIsOverlookedAndNoSleepIsWaitedOut() throws Exception {
        int rounds = 2_000;
        // A single sleep that is not ended would take longer than the test may.
        WakeableIdleStrategy idle = new WakeableIdleStrategy(TimeUnit.HOURS.toNanos(1));
        AtomicInteger brought = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        Thread worker = Thread.ofPlatform().start(() -> {
            while (done.get() < rounds) {
                int work = brought.get() - done.get();
                done.addAndGet(work);
                idle.idle(work);
            }
        });
        for (int round = 1; round <= rounds; round++) {
            brought.incrementAndGet();
            idle.wake();
            while (done.get() < round) {
                Thread.onSpinWait();
            }
        }
        worker.join();
    }

    @Test
    @Timeout(60)
    void aSleepEndsByItself() {
        WakeableIdleStrategy idle = new WakeableIdleStrategy(1);
        for (int i = 0; i < 100; i++) {
            idle.idle(0);
        }
        assertThrows(IllegalArgumentException.class, () -> new WakeableIdleStrategy(0));
    }
}
