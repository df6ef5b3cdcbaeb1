package dev.moraine.sampling.serve;

import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Lets a thread without work sleep until somebody who has some wakes it. A sleep also ends by itself, so that work that
 * nobody announces is found.
 *
 * <p>One thread idles; any thread wakes it.
 */
public final class WakeableIdleStrategy implements IdleStrategy {
    private static final int YIELDS = 4;

    private final long maxSleepNs;
    private int idleCycles;
    private volatile @Nullable Thread sleeper;

    /**
     * For one thread.
     *
     * @param maxSleepNs how long a sleep lasts if nobody ends it, in nanoseconds, at least 1
     * @throws IllegalArgumentException if it is less
     */
    public WakeableIdleStrategy(long maxSleepNs) {
        if (maxSleepNs < 1) {
            throw new IllegalArgumentException("maxSleepNs must be at least 1, but is " + maxSleepNs);
        }
        this.maxSleepNs = maxSleepNs;
    }

    @Override
    public void idle(int workCount) {
        if (workCount > 0) {
            reset();
        } else {
            idle();
        }
    }

    // Correct whatever the scheduler does: a yield lets threads of the same processor bring more work before the sleep.
    @SuppressWarnings("ThreadPriorityCheck")
    @Override
    public void idle() {
        if (idleCycles < YIELDS) {
            idleCycles++;
            Thread.yield();
        } else if (sleeper == null) {
            // One more duty cycle follows before the sleep: what was brought before this note is found in it.
            sleeper = Thread.currentThread();
        } else {
            LockSupport.parkNanos(this, maxSleepNs);
            sleeper = null;
            idleCycles = YIELDS;
        }
    }

    @Override
    public void reset() {
        idleCycles = 0;
        if (sleeper != null) {
            sleeper = null;
        }
    }

    /** Ends the sleep, or keeps it from beginning. To be called after the work was put where the thread finds it. */
    public void wake() {
        Thread sleeping = sleeper;
        if (sleeping != null) {
            sleeper = null;
            LockSupport.unpark(sleeping);
        }
    }
}
