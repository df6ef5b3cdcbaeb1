package dev.moraine.node.storagenode;

import java.util.concurrent.TimeUnit;

/**
 * What a storage node grants its clients. Immutable.
 *
 * @param maxBlobBytes longest blob that is stored in bytes
 * @param maxBundleBytes most memory for the bodies of one bundle in bytes
 * @param memoryBytes memory for the bodies of all bundles, at least that of one in bytes
 * @param maxBundlesPerConnection bundles of one connection that may be offered or received at once
 * @param admissionQueueCapacity offers and certificates that may wait to be checked
 * @param storeQueueCapacity complete bundles and certificates that may wait to be stored
 * @param readQueueCapacity reads that may wait
 * @param uploadStallNs how long a body may come to a stop, in nanoseconds
 * @param leastUploadBytesPerSecond how fast bodies must come on average
 * @param retryDelayMs what whoever is put off is told to wait, in milliseconds
 */
public record NodeLimits(
        long maxBlobBytes,
        long maxBundleBytes,
        long memoryBytes,
        int maxBundlesPerConnection,
        int admissionQueueCapacity,
        int storeQueueCapacity,
        int readQueueCapacity,
        long uploadStallNs,
        long leastUploadBytesPerSecond,
        int retryDelayMs) {
    /**
     * Checks every limit.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public NodeLimits {
        range("maxBlobBytes", maxBlobBytes, 1, 1L << 32);
        range("maxBundleBytes", maxBundleBytes, 1, 1L << 40);
        range("memoryBytes", memoryBytes, maxBundleBytes, 1L << 40);
        range("maxBundlesPerConnection", maxBundlesPerConnection, 1, 1 << 16);
        range("admissionQueueCapacity", admissionQueueCapacity, 1, 1 << 16);
        range("storeQueueCapacity", storeQueueCapacity, 1, 1 << 16);
        range("readQueueCapacity", readQueueCapacity, 1, 1 << 20);
        range("uploadStallNs", uploadStallNs, 1, TimeUnit.HOURS.toNanos(1));
        range("leastUploadBytesPerSecond", leastUploadBytesPerSecond, 1, 1L << 40);
        range("retryDelayMs", retryDelayMs, 1, 60_000);
    }

    /**
     * The limits that hold where nothing else is said.
     *
     * @return the defaults
     */
    public static NodeLimits defaults() {
        return new Context().conclude();
    }

    private static void range(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    field + " must be from " + least + " to " + most + ", but is " + value);
        }
    }

    /** Collects limits, starting from the defaults. For one thread. */
    public static final class Context {
        private long maxBlobBytes = 64L << 20;
        private long maxBundleBytes = 256L << 20;
        private long memoryBytes = 512L << 20;
        private int maxBundlesPerConnection = 16;
        private int admissionQueueCapacity = 64;
        private int storeQueueCapacity = 256;
        private int readQueueCapacity = 1024;
        private long uploadStallNs = TimeUnit.SECONDS.toNanos(10);
        private long leastUploadBytesPerSecond = 64L << 10;
        private int retryDelayMs = 100;

        /**
         * Sets a limit.
         *
         * @param value longest blob that is stored in bytes
         * @return this
         */
        public Context maxBlobBytes(long value) {
            maxBlobBytes = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value most memory for the bodies of one bundle in bytes
         * @return this
         */
        public Context maxBundleBytes(long value) {
            maxBundleBytes = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value memory for the bodies of all bundles, at least that of one in bytes
         * @return this
         */
        public Context memoryBytes(long value) {
            memoryBytes = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value bundles of one connection that may be offered or received at once
         * @return this
         */
        public Context maxBundlesPerConnection(int value) {
            maxBundlesPerConnection = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value offers and certificates that may wait to be checked
         * @return this
         */
        public Context admissionQueueCapacity(int value) {
            admissionQueueCapacity = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value complete bundles and certificates that may wait to be stored
         * @return this
         */
        public Context storeQueueCapacity(int value) {
            storeQueueCapacity = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value reads that may wait
         * @return this
         */
        public Context readQueueCapacity(int value) {
            readQueueCapacity = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value how long a body may come to a stop, in nanoseconds
         * @return this
         */
        public Context uploadStallNs(long value) {
            uploadStallNs = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value how fast bodies must come on average
         * @return this
         */
        public Context leastUploadBytesPerSecond(long value) {
            leastUploadBytesPerSecond = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value what whoever is put off is told to wait, in milliseconds
         * @return this
         */
        public Context retryDelayMs(int value) {
            retryDelayMs = value;
            return this;
        }

        /**
         * Checks and fixes what was set.
         *
         * @return the limits
         * @throws IllegalArgumentException if one is out of its range
         */
        public NodeLimits conclude() {
            return new NodeLimits(
                    maxBlobBytes,
                    maxBundleBytes,
                    memoryBytes,
                    maxBundlesPerConnection,
                    admissionQueueCapacity,
                    storeQueueCapacity,
                    readQueueCapacity,
                    uploadStallNs,
                    leastUploadBytesPerSecond,
                    retryDelayMs);
        }
    }
}
