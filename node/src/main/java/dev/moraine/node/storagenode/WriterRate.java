package dev.moraine.node.storagenode;

import java.util.concurrent.TimeUnit;

/**
 * How fast one writer's bytes may come: a bucket that fills with the granted bytes a second and holds those of one
 * second, but at least those of one bundle, so that every bundle gets through in the end. For one thread.
 */
final class WriterRate {
    private final long bytesPerSecond;
    private final long capacityBytes;
    private double availableBytes;
    private long lastNs;

    /**
     * A full bucket.
     *
     * @param bytesPerSecond how fast it fills, at least 1
     * @param largestBytes the most that is taken at once
     * @param nowNs the time
     */
    WriterRate(long bytesPerSecond, long largestBytes, long nowNs) {
        this.bytesPerSecond = bytesPerSecond;
        capacityBytes = Math.max(bytesPerSecond, largestBytes);
        availableBytes = capacityBytes;
        lastNs = nowNs;
    }

    /**
     * Whether bytes may come now.
     *
     * @param bytes how many, not more than the most that is taken at once
     * @param nowNs the time
     * @return true if there is room for them; they are not taken yet
     */
    boolean allows(long bytes, long nowNs) {
        double filled = (double) (nowNs - lastNs) / TimeUnit.SECONDS.toNanos(1) * bytesPerSecond;
        availableBytes = Math.min((double) capacityBytes, availableBytes + filled);
        lastNs = nowNs;
        return availableBytes >= bytes;
    }

    /**
     * Takes bytes that were allowed.
     *
     * @param bytes how many
     */
    void take(long bytes) {
        availableBytes -= bytes;
    }
}
