package dev.moraine.node.storagenode;

import java.util.concurrent.TimeUnit;

/**
 * How slowly a body may come: never without a byte for longer than the stall time, and on average never slower than the
 * least rate once that time is over. Immutable.
 *
 * @param stallNs longest time without a byte, in nanoseconds
 * @param leastBytesPerSecond least average rate
 */
record UploadPace(long stallNs, long leastBytesPerSecond) {
    /**
     * When a body must be complete.
     *
     * @param totalBytes how long it is
     * @return nanoseconds after its grant
     */
    long longestNs(long totalBytes) {
        return stallNs + (long) ((double) totalBytes / leastBytesPerSecond * TimeUnit.SECONDS.toNanos(1));
    }
}
