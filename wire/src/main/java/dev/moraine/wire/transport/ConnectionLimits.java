package dev.moraine.wire.transport;

import dev.moraine.wire.message.MessageLimits;
import java.util.concurrent.TimeUnit;

/**
 * What a client allows itself and waits for.
 *
 * @param maxRequestsInFlight requests that are not over, at a time
 * @param maxOutboundBytes bytes that may wait in a connection to be sent, at least one frame
 * @param connectTimeoutNs how long establishing a connection may take, in nanoseconds
 * @param handshakeTimeoutNs how long the greeting may take, in nanoseconds
 * @param frameTimeoutNs how long one frame may take from its first byte to its last, in nanoseconds
 * @param silenceTimeoutNs how long nothing may come or go while an answer or a sign of life is waited for, before the
 *     connection counts as broken, in nanoseconds
 * @param keepAliveNs after how long without a message from the node it is asked for a sign of life, in nanoseconds
 * @param minBackoffNs how long to wait after the first failed attempt to connect, in nanoseconds
 * @param maxBackoffNs how long to wait at most between attempts, in nanoseconds, not below the former
 */
public record ConnectionLimits(
        int maxRequestsInFlight,
        long maxOutboundBytes,
        long connectTimeoutNs,
        long handshakeTimeoutNs,
        long frameTimeoutNs,
        long silenceTimeoutNs,
        long keepAliveNs,
        long minBackoffNs,
        long maxBackoffNs) {
    /**
     * Checks every limit.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public ConnectionLimits {
        LimitCheck.range("maxRequestsInFlight", maxRequestsInFlight, 1, 1 << 20);
        LimitCheck.range("maxOutboundBytes", maxOutboundBytes, MessageLimits.MAX_FRAME_BYTES + 4L, 1L << 32);
        LimitCheck.timeout("connectTimeoutNs", connectTimeoutNs);
        LimitCheck.timeout("handshakeTimeoutNs", handshakeTimeoutNs);
        LimitCheck.timeout("frameTimeoutNs", frameTimeoutNs);
        LimitCheck.timeout("silenceTimeoutNs", silenceTimeoutNs);
        LimitCheck.timeout("keepAliveNs", keepAliveNs);
        LimitCheck.timeout("minBackoffNs", minBackoffNs);
        LimitCheck.range("maxBackoffNs", maxBackoffNs, minBackoffNs, LimitCheck.MAX_TIMEOUT_NS);
    }

    /**
     * The limits that hold where nothing else is said.
     *
     * @return the defaults
     */
    public static ConnectionLimits defaults() {
        return new Context().conclude();
    }

    /** Collects limits, starting from the defaults. For one thread. */
    public static final class Context {
        private int maxRequestsInFlight = 1024;
        private long maxOutboundBytes = 16L << 20;
        private long connectTimeoutNs = TimeUnit.SECONDS.toNanos(5);
        private long handshakeTimeoutNs = TimeUnit.SECONDS.toNanos(5);
        private long frameTimeoutNs = TimeUnit.SECONDS.toNanos(30);
        private long silenceTimeoutNs = TimeUnit.SECONDS.toNanos(30);
        private long keepAliveNs = TimeUnit.SECONDS.toNanos(10);
        private long minBackoffNs = TimeUnit.MILLISECONDS.toNanos(50);
        private long maxBackoffNs = TimeUnit.SECONDS.toNanos(5);

        /**
         * Sets a limit.
         *
         * @param value requests that are not over, at a time
         * @return this
         */
        public Context maxRequestsInFlight(int value) {
            this.maxRequestsInFlight = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value bytes that may wait in a connection to be sent, at least one frame
         * @return this
         */
        public Context maxOutboundBytes(long value) {
            this.maxOutboundBytes = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value how long establishing a connection may take, in nanoseconds
         * @return this
         */
        public Context connectTimeoutNs(long value) {
            this.connectTimeoutNs = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value how long the greeting may take, in nanoseconds
         * @return this
         */
        public Context handshakeTimeoutNs(long value) {
            this.handshakeTimeoutNs = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value how long one frame may take from its first byte to its last, in nanoseconds
         * @return this
         */
        public Context frameTimeoutNs(long value) {
            this.frameTimeoutNs = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value how long nothing may come or go while an answer or a sign of life is waited for, before
         *     the connection counts as broken, in nanoseconds
         * @return this
         */
        public Context silenceTimeoutNs(long value) {
            this.silenceTimeoutNs = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value after how long without a message from the node it is asked for a sign of life, in nanoseconds
         * @return this
         */
        public Context keepAliveNs(long value) {
            this.keepAliveNs = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value how long to wait after the first failed attempt to connect, in nanoseconds
         * @return this
         */
        public Context minBackoffNs(long value) {
            this.minBackoffNs = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value how long to wait at most between attempts, in nanoseconds, not below the former
         * @return this
         */
        public Context maxBackoffNs(long value) {
            this.maxBackoffNs = value;
            return this;
        }

        /**
         * Checks and fixes what was set.
         *
         * @return the limits
         * @throws IllegalArgumentException if one is out of its range
         */
        public ConnectionLimits conclude() {
            return new ConnectionLimits(
                    maxRequestsInFlight,
                    maxOutboundBytes,
                    connectTimeoutNs,
                    handshakeTimeoutNs,
                    frameTimeoutNs,
                    silenceTimeoutNs,
                    keepAliveNs,
                    minBackoffNs,
                    maxBackoffNs);
        }
    }
}
