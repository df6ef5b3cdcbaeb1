package dev.moraine.wire.transport;

import java.util.random.RandomGenerator;

/**
 * Delays between attempts to connect: each up to twice the last, from half to all of it at random, so that clients that
 * lost a node together do not come back together. For one thread.
 */
final class Backoff {
    private final long minNs;
    private final long maxNs;
    private final RandomGenerator random;
    private long nextNs;

    Backoff(long minNs, long maxNs, RandomGenerator random) {
        this.minNs = minNs;
        this.maxNs = maxNs;
        this.random = random;
        this.nextNs = minNs;
    }

    /** The delay after one more failure, in nanoseconds. */
    long afterFailureNs() {
        long ceilingNs = nextNs;
        nextNs = Math.min(maxNs, 2 * nextNs);
        return ceilingNs / 2 + random.nextLong(ceilingNs - ceilingNs / 2 + 1);
    }

    /** Starts again from the shortest delay. */
    void reset() {
        nextNs = minNs;
    }
}
