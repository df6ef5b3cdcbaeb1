package dev.moraine.node.http;

import org.agrona.concurrent.NanoClock;

/** How long a connection has been doing what it does, and whether enough moves meanwhile. For one thread. */
final class PhaseClock {
    private final NanoClock clock;
    private final HttpLimits limits;
    private long startNs;
    private long windowStartBytes;

    /**
     * A clock that was not started.
     *
     * @param clock measures the time
     * @param limits say how fast bodies must move
     */
    PhaseClock(NanoClock clock, HttpLimits limits) {
        this.clock = clock;
        this.limits = limits;
    }

    /** Begins something new. */
    void start() {
        startNs = clock.nanoTime();
        windowStartBytes = 0;
    }

    /** {@return nanoseconds since the start, or since the last window ended} */
    long elapsedNs() {
        return clock.nanoTime() - startNs;
    }

    /**
     * Looks at the end of every window whether enough has moved in it.
     *
     * @param movedBytes what has moved since the start
     * @return true if a window is over in which it was too little
     */
    boolean isTooSlow(long movedBytes) {
        if (elapsedNs() < limits.transferWindowNs()) {
            return false;
        }
        boolean isSlow = movedBytes - windowStartBytes < limits.minWindowBytes();
        windowStartBytes = movedBytes;
        startNs = clock.nanoTime();
        return isSlow;
    }
}
