package dev.moraine.wire.transport;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Lets an agent sleep until somebody has work for it: it neither spins nor polls at a short interval, so that many agents
 * share few cores, and whoever queues something wakes it at once.
 *
 * <p>Whoever queues work calls {@link #wake()} after it is visible in the queue. Work that nobody announces, such as a
 * deadline, is found when the longest sleep is over. The first sleep after work is the shortest one, and each that finds
 * nothing doubles it.
 *
 * <p>One thread idles; any thread may wake it.
 */
public final class WakeUpIdle implements IdleStrategy {
    private final long minSleepNs;
    private final long maxSleepNs;
    private long sleepNs;
    private volatile boolean isCalled;
    private volatile @Nullable Thread sleeper;

    /**
     * A strategy whose agent is woken for everything but deadlines.
     *
     * @param maxSleepNs longest sleep, in nanoseconds, from 1 to a minute
     */
    public WakeUpIdle(long maxSleepNs) {
        this(maxSleepNs, maxSleepNs);
    }

    /**
     * A strategy for an agent that also waits for things that nobody announces.
     *
     * @param minSleepNs shortest sleep, in nanoseconds, at least 1
     * @param maxSleepNs longest sleep, in nanoseconds, from the shortest to a minute
     */
    public WakeUpIdle(long minSleepNs, long maxSleepNs) {
        LimitCheck.range("maxSleepNs", maxSleepNs, 1, TimeUnit.MINUTES.toNanos(1));
        LimitCheck.range("minSleepNs", minSleepNs, 1, maxSleepNs);
        this.minSleepNs = minSleepNs;
        this.maxSleepNs = maxSleepNs;
        this.sleepNs = minSleepNs;
    }

    /** Ends the sleep, or keeps the next one from beginning. */
    public void wake() {
        if (isCalled) {
            return;
        }
        isCalled = true;
        Thread sleeping = sleeper;
        if (sleeping != null) {
            LockSupport.unpark(sleeping);
        }
    }

    @Override
    public void idle(int workCount) {
        if (workCount > 0) {
            reset();
        } else {
            idle();
        }
    }

    @Override
    public void idle() {
        sleeper = Thread.currentThread();
        // The sleeper is noted before this look, and the call before the look at the sleeper: one of the two is seen.
        if (!isCalled) {
            LockSupport.parkNanos(this, sleepNs);
        }
        sleeper = null;
        if (isCalled) {
            // Before the agent looks into its queues: a call after this is for what it may have missed.
            isCalled = false;
            sleepNs = minSleepNs;
        } else {
            sleepNs = Math.min(maxSleepNs, 2 * sleepNs);
        }
    }

    @Override
    public void reset() {
        sleepNs = minSleepNs;
    }

    @Override
    public String alias() {
        return "wake-up";
    }
}
