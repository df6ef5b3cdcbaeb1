package dev.moraine.node.storagenode;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;

/** Both clocks of a node; they stand until a test moves them. Thread-safe. */
final class TestClock implements EpochClock, NanoClock {
    private final AtomicLong unixMs = new AtomicLong();
    private final AtomicLong nowNs = new AtomicLong();

    TestClock(long unixMs) {
        this.unixMs.set(unixMs);
    }

    @Override
    public long time() {
        return unixMs.get();
    }

    @Override
    public long nanoTime() {
        return nowNs.get();
    }

    void setTime(long unixMsNow) {
        unixMs.set(unixMsNow);
    }

    void advanceSeconds(double seconds) {
        nowNs.addAndGet((long) (seconds * TimeUnit.SECONDS.toNanos(1)));
    }
}
