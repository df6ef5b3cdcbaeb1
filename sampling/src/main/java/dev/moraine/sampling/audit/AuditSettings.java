package dev.moraine.sampling.audit;

import java.time.Duration;

/**
 * How much a node does for those who want its verdicts. Immutable.
 *
 * @param maxReads whole blobs that are read at a time
 * @param bytesPerSecond bytes of blobs a second that are read at the most, on average
 * @param maxBlobs blobs that wait to be read or are read
 * @param maxWaiters requests that wait for a verdict
 * @param readTimeout how long one read may wait for other nodes
 * @param retryDelay how long a blob that could not be read is left alone
 */
public record AuditSettings(
        int maxReads, long bytesPerSecond, int maxBlobs, int maxWaiters, Duration readTimeout, Duration retryDelay) {
    /**
     * Checks every value.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public AuditSettings {
        range("maxReads", maxReads, 1, 1_024);
        range("bytesPerSecond", bytesPerSecond, 1, 1L << 40);
        range("maxBlobs", maxBlobs, maxReads, 1 << 20);
        range("maxWaiters", maxWaiters, 1, 1 << 20);
        range("readTimeout in ms", readTimeout.toMillis(), 1, 3_600_000);
        range("retryDelay in ms", retryDelay.toMillis(), 1, 3_600_000);
    }

    private static void range(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    field + " must be from " + least + " to " + most + ", but is " + value);
        }
    }

    /**
     * The settings that hold where nothing else is said.
     *
     * @return the defaults
     */
    public static AuditSettings defaults() {
        return new AuditSettings(1, 64 << 20, 256, 1_024, Duration.ofSeconds(20), Duration.ofSeconds(1));
    }
}
