package dev.moraine.storage.store;

import org.agrona.concurrent.NanoClock;

/** Lets bytes through at a rate, with at most a second's worth saved up. Owned by one thread. */
final class ByteRate {
    private static final double NANOS = 1e9;

    private final NanoClock clock;
    private double bytesPerSecond;
    private double allowed;
    private long lastNs;

    /**
     * A rate that begins with nothing saved up.
     *
     * @param clock measures the time
     * @param bytesPerSecond the rate
     */
    ByteRate(NanoClock clock, double bytesPerSecond) {
        this.clock = clock;
        this.bytesPerSecond = bytesPerSecond;
        this.lastNs = clock.nanoTime();
    }

    /** Changes the rate from now on. */
    void bytesPerSecond(double value) {
        bytesPerSecond = value;
    }

    /** Whether anything may pass now. What passes may be more than is allowed, and makes the next one wait longer. */
    boolean isOpen() {
        long nowNs = clock.nanoTime();
        allowed = Math.min(bytesPerSecond, allowed + (nowNs - lastNs) / NANOS * bytesPerSecond);
        lastNs = nowNs;
        return allowed > 0;
    }

    /** Notes what has passed. */
    void pass(long bytes) {
        allowed -= bytes;
    }
}
