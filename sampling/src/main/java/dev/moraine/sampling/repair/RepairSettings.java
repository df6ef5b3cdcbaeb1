package dev.moraine.sampling.repair;

import java.util.concurrent.TimeUnit;

/**
 * How much repair may do at once. Immutable.
 *
 * @param bytesPerSecond most bytes of symbols a second that are asked for
 * @param memoryBytes memory for symbols on their way and slivers that are not stored yet; a blob that needs more is
 *     repaired alone
 * @param maxBlobBytes longest blob that is repaired
 * @param maxKnown most pairs that are known to be missing at a time; others are found when there is room
 * @param graceNs how long after its certificate a pair may still come by itself, in nanoseconds
 * @param requestTimeoutNs how long a node may take for an answer, besides what its length takes, in nanoseconds
 * @param minBackoffNs how long a pair waits after the first failure, in nanoseconds; twice as long after each
 * @param maxBackoffNs how long it waits at the most, in nanoseconds
 */
public record RepairSettings(
        long bytesPerSecond,
        long memoryBytes,
        long maxBlobBytes,
        int maxKnown,
        long graceNs,
        long requestTimeoutNs,
        long minBackoffNs,
        long maxBackoffNs) {
    /**
     * Checks every value.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public RepairSettings {
        range("bytesPerSecond", bytesPerSecond, 1, 1L << 40);
        range("memoryBytes", memoryBytes, 1 << 16, 1L << 36);
        range("maxBlobBytes", maxBlobBytes, 1, 1L << 32);
        range("maxKnown", maxKnown, 1, 1 << 24);
        range("graceNs", graceNs, 0, TimeUnit.HOURS.toNanos(1));
        range("requestTimeoutNs", requestTimeoutNs, 1, TimeUnit.HOURS.toNanos(1));
        range("minBackoffNs", minBackoffNs, 1, TimeUnit.HOURS.toNanos(1));
        range("maxBackoffNs", maxBackoffNs, minBackoffNs, TimeUnit.DAYS.toNanos(1));
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
    public static RepairSettings defaults() {
        return new Context().conclude();
    }

    /** Collects settings, starting from the defaults. For one thread. */
    public static final class Context {
        private long bytesPerSecond = 512L << 20;
        private long memoryBytes = 64L << 20;
        private long maxBlobBytes = 128L << 20;
        private int maxKnown = 1 << 16;
        private long graceNs = TimeUnit.SECONDS.toNanos(5);
        private long requestTimeoutNs = TimeUnit.SECONDS.toNanos(5);
        private long minBackoffNs = TimeUnit.SECONDS.toNanos(1);
        private long maxBackoffNs = TimeUnit.MINUTES.toNanos(5);

        /**
         * Sets the pace.
         *
         * @param value most bytes of symbols a second that are asked for
         * @return this
         */
        public Context bytesPerSecond(long value) {
            bytesPerSecond = value;
            return this;
        }

        /**
         * Sets the memory.
         *
         * @param value bytes for symbols and slivers
         * @return this
         */
        public Context memoryBytes(long value) {
            memoryBytes = value;
            return this;
        }

        /**
         * Sets the longest blob.
         *
         * @param value in bytes
         * @return this
         */
        public Context maxBlobBytes(long value) {
            maxBlobBytes = value;
            return this;
        }

        /**
         * Sets how much is known at a time.
         *
         * @param value pairs
         * @return this
         */
        public Context maxKnown(int value) {
            maxKnown = value;
            return this;
        }

        /**
         * Sets the grace.
         *
         * @param value how long a pair may come by itself, in nanoseconds
         * @return this
         */
        public Context graceNs(long value) {
            graceNs = value;
            return this;
        }

        /**
         * Sets the patience.
         *
         * @param value how long a node may take for a short answer, in nanoseconds
         * @return this
         */
        public Context requestTimeoutNs(long value) {
            requestTimeoutNs = value;
            return this;
        }

        /**
         * Sets the first delay after a failure.
         *
         * @param value in nanoseconds
         * @return this
         */
        public Context minBackoffNs(long value) {
            minBackoffNs = value;
            return this;
        }

        /**
         * Sets the longest delay after a failure.
         *
         * @param value in nanoseconds
         * @return this
         */
        public Context maxBackoffNs(long value) {
            maxBackoffNs = value;
            return this;
        }

        /**
         * Checks and fixes what was set.
         *
         * @return the settings
         * @throws IllegalArgumentException if one is out of its range
         */
        public RepairSettings conclude() {
            return new RepairSettings(
                    bytesPerSecond,
                    memoryBytes,
                    maxBlobBytes,
                    maxKnown,
                    graceNs,
                    requestTimeoutNs,
                    minBackoffNs,
                    maxBackoffNs);
        }
    }
}
