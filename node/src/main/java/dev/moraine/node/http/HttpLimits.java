package dev.moraine.node.http;

import java.util.concurrent.TimeUnit;

/**
 * What an HTTP server grants its clients.
 *
 * @param maxConnections connections at a time
 * @param maxConnectionsPerAddress connections at a time from one IPv4 address or one IPv6 /64 network
 * @param maxRequestLineBytes length of the line with method and target
 * @param maxHeaderBytes length of all header fields of a request, and of all trailers
 * @param maxBodyBytes length of a request's body, whatever its route would take
 * @param bodyMemoryBytes memory of all bodies that are being received or worked on, at least {@code maxBodyBytes}
 * @param maxPipelinedRequests requests of one connection that may wait for the answer to an earlier one
 * @param headTimeoutNs how long a request may take from its first byte to the end of its header, in nanoseconds
 * @param idleTimeoutNs how long a connection may wait for a request, in nanoseconds
 * @param transferWindowNs how long a body may take in either direction whatever its length, in nanoseconds
 * @param minTransferBytesPerSecond how fast a body that takes longer must come or go, on average over every window
 * @param drainTimeoutNs how long what a refused client still sends is taken and thrown away, so that it gets to read
 *     why it was refused, in nanoseconds
 */
public record HttpLimits(
        int maxConnections,
        int maxConnectionsPerAddress,
        int maxRequestLineBytes,
        int maxHeaderBytes,
        int maxBodyBytes,
        long bodyMemoryBytes,
        int maxPipelinedRequests,
        long headTimeoutNs,
        long idleTimeoutNs,
        long transferWindowNs,
        int minTransferBytesPerSecond,
        long drainTimeoutNs) {
    /** Longest body that any server takes. */
    public static final int MAX_BODY_BYTES = 1 << 30;

    private static final int MAX_CONNECTIONS = 1 << 20;
    private static final int MIN_LINE_BYTES = 256;
    private static final int MAX_LINE_BYTES = 1 << 20;
    private static final int MAX_PIPELINED = 1 << 16;
    private static final long MAX_TIMEOUT_NS = TimeUnit.HOURS.toNanos(1);
    private static final long LONGEST_TICK_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long SHORTEST_TICK_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final double NS_PER_SECOND = 1e9;
    private static final int TICKS_PER_TIMEOUT = 4;

    /**
     * Checks every limit.
     *
     * @throws IllegalArgumentException if one is out of its range; names field, value and limit
     */
    public HttpLimits {
        range("maxConnections", maxConnections, 1, MAX_CONNECTIONS);
        range("maxConnectionsPerAddress", maxConnectionsPerAddress, 1, MAX_CONNECTIONS);
        range("maxRequestLineBytes", maxRequestLineBytes, MIN_LINE_BYTES, MAX_LINE_BYTES);
        range("maxHeaderBytes", maxHeaderBytes, MIN_LINE_BYTES, MAX_LINE_BYTES);
        range("maxBodyBytes", maxBodyBytes, 1, MAX_BODY_BYTES);
        range("bodyMemoryBytes", bodyMemoryBytes, maxBodyBytes, Long.MAX_VALUE);
        range("maxPipelinedRequests", maxPipelinedRequests, 1, MAX_PIPELINED);
        range("headTimeoutNs", headTimeoutNs, 1, MAX_TIMEOUT_NS);
        range("idleTimeoutNs", idleTimeoutNs, 1, MAX_TIMEOUT_NS);
        range("transferWindowNs", transferWindowNs, 1, MAX_TIMEOUT_NS);
        range("minTransferBytesPerSecond", minTransferBytesPerSecond, 1, Integer.MAX_VALUE);
        range("drainTimeoutNs", drainTimeoutNs, 1, MAX_TIMEOUT_NS);
    }

    /**
     * The limits that hold where nothing else is said.
     *
     * @return the defaults
     */
    public static HttpLimits defaults() {
        return new Context().conclude();
    }

    /**
     * How often a connection looks whether one of its time limits has passed.
     *
     * @return nanoseconds
     */
    long tickNs() {
        long shortestNs = Math.min(Math.min(headTimeoutNs, idleTimeoutNs), Math.min(transferWindowNs, drainTimeoutNs));
        return Math.clamp(shortestNs / TICKS_PER_TIMEOUT, SHORTEST_TICK_NS, LONGEST_TICK_NS);
    }

    /**
     * How much of a body must come or go in every window but the last.
     *
     * @return bytes, at least 1
     */
    long minWindowBytes() {
        return Math.max(1, (long) ((double) transferWindowNs / NS_PER_SECOND * minTransferBytesPerSecond));
    }

    private static void range(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    field + " must be from " + least + " to " + most + ", but is " + value);
        }
    }

    /** Collects limits, starting from the defaults. For one thread. */
    public static final class Context {
        private int maxConnections = 2048;
        private int maxConnectionsPerAddress = 512;
        private int maxRequestLineBytes = 8 << 10;
        private int maxHeaderBytes = 16 << 10;
        private int maxBodyBytes = 64 << 20;
        private long bodyMemoryBytes = 256L << 20;
        private int maxPipelinedRequests = 64;
        private long headTimeoutNs = TimeUnit.SECONDS.toNanos(10);
        private long idleTimeoutNs = TimeUnit.SECONDS.toNanos(60);
        private long transferWindowNs = TimeUnit.SECONDS.toNanos(10);
        private int minTransferBytesPerSecond = 16 << 10;
        private long drainTimeoutNs = TimeUnit.SECONDS.toNanos(2);

        /**
         * Sets a limit.
         *
         * @param value connections at a time
         * @return this
         */
        public Context maxConnections(int value) {
            this.maxConnections = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value connections at a time from one address
         * @return this
         */
        public Context maxConnectionsPerAddress(int value) {
            this.maxConnectionsPerAddress = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value bytes of the line with method and target
         * @return this
         */
        public Context maxRequestLineBytes(int value) {
            this.maxRequestLineBytes = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value bytes of all header fields
         * @return this
         */
        public Context maxHeaderBytes(int value) {
            this.maxHeaderBytes = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value bytes of a request's body
         * @return this
         */
        public Context maxBodyBytes(int value) {
            this.maxBodyBytes = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value bytes of all bodies at a time
         * @return this
         */
        public Context bodyMemoryBytes(long value) {
            this.bodyMemoryBytes = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value requests that may wait for an earlier one's answer
         * @return this
         */
        public Context maxPipelinedRequests(int value) {
            this.maxPipelinedRequests = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value nanoseconds for a request's header
         * @return this
         */
        public Context headTimeoutNs(long value) {
            this.headTimeoutNs = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value nanoseconds between requests
         * @return this
         */
        public Context idleTimeoutNs(long value) {
            this.idleTimeoutNs = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value nanoseconds that every body may take, and over which its speed is measured
         * @return this
         */
        public Context transferWindowNs(long value) {
            this.transferWindowNs = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value bytes per second, from 1
         * @return this
         */
        public Context minTransferBytesPerSecond(int value) {
            this.minTransferBytesPerSecond = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value nanoseconds for which a refused client is listened to
         * @return this
         */
        public Context drainTimeoutNs(long value) {
            this.drainTimeoutNs = value;
            return this;
        }

        /**
         * Checks and fixes what was set.
         *
         * @return the limits
         * @throws IllegalArgumentException if one is out of its range
         */
        public HttpLimits conclude() {
            return new HttpLimits(
                    maxConnections,
                    maxConnectionsPerAddress,
                    maxRequestLineBytes,
                    maxHeaderBytes,
                    maxBodyBytes,
                    bodyMemoryBytes,
                    maxPipelinedRequests,
                    headTimeoutNs,
                    idleTimeoutNs,
                    transferWindowNs,
                    minTransferBytesPerSecond,
                    drainTimeoutNs);
        }
    }
}
