package dev.moraine.wire.transport;

import dev.moraine.wire.message.MessageLimits;
import java.util.concurrent.TimeUnit;

/**
 * What a server grants its clients.
 *
 * @param maxConnections connections at a time
 * @param maxConnectionsPerAddress connections at a time from one address, or one IPv6 network of 64 bits
 * @param maxRequestsPerConnection requests of one connection at a time that are not answered to their end
 * @param maxRequestsPerAddress requests of all connections from one address at a time that are not answered to
 *     their end
 * @param maxInboundBytes bytes of unfinished frames of all connections, at least one frame
 * @param maxOutboundBytes bytes that may wait in a connection to be sent, at least one frame
 * @param maxTotalOutboundBytes bytes that may wait in all connections to be sent, at least those of one
 * @param handshakeTimeoutNs how long the greeting may take, in nanoseconds
 * @param frameTimeoutNs how long one frame may take from its first byte to its last, in either direction, in
 *     nanoseconds
 * @param idleTimeoutNs how long nothing may come or go before a connection is closed, in nanoseconds
 * @param requestTimeoutNs how long nothing may come or go for a request before it ends without an answer, in
 *     nanoseconds
 */
public record ServerLimits(
        int maxConnections,
        int maxConnectionsPerAddress,
        int maxRequestsPerConnection,
        int maxRequestsPerAddress,
        long maxInboundBytes,
        long maxOutboundBytes,
        long maxTotalOutboundBytes,
        long handshakeTimeoutNs,
        long frameTimeoutNs,
        long idleTimeoutNs,
        long requestTimeoutNs) {
    /**
     * Checks every limit.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public ServerLimits {
        LimitCheck.range("maxConnections", maxConnections, 1, 1 << 20);
        LimitCheck.range("maxConnectionsPerAddress", maxConnectionsPerAddress, 1, 1 << 20);
        LimitCheck.range("maxRequestsPerConnection", maxRequestsPerConnection, 1, 1 << 20);
        LimitCheck.range("maxRequestsPerAddress", maxRequestsPerAddress, 1, 1 << 20);
        LimitCheck.range("maxInboundBytes", maxInboundBytes, MessageLimits.MAX_FRAME_BYTES, 1L << 40);
        LimitCheck.range("maxOutboundBytes", maxOutboundBytes, MessageLimits.MAX_FRAME_BYTES + 4L, 1L << 32);
        LimitCheck.range("maxTotalOutboundBytes", maxTotalOutboundBytes, maxOutboundBytes, 1L << 40);
        LimitCheck.timeout("handshakeTimeoutNs", handshakeTimeoutNs);
        LimitCheck.timeout("frameTimeoutNs", frameTimeoutNs);
        LimitCheck.timeout("idleTimeoutNs", idleTimeoutNs);
        LimitCheck.timeout("requestTimeoutNs", requestTimeoutNs);
    }

    /**
     * The limits that hold where nothing else is said.
     *
     * @return the defaults
     */
    public static ServerLimits defaults() {
        return new Context().conclude();
    }

    /** Collects limits, starting from the defaults. For one thread. */
    public static final class Context {
        private int maxConnections = 1024;
        private int maxConnectionsPerAddress = 256;
        private int maxRequestsPerConnection = 256;
        private int maxRequestsPerAddress = 512;
        private long maxInboundBytes = 64L << 20;
        private long maxOutboundBytes = 16L << 20;
        private long maxTotalOutboundBytes = 128L << 20;
        private long handshakeTimeoutNs = TimeUnit.SECONDS.toNanos(5);
        private long frameTimeoutNs = TimeUnit.SECONDS.toNanos(30);
        private long idleTimeoutNs = TimeUnit.SECONDS.toNanos(120);
        private long requestTimeoutNs = TimeUnit.SECONDS.toNanos(120);

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
         * @param value connections at a time from one address, or one IPv6 network of 64 bits
         * @return this
         */
        public Context maxConnectionsPerAddress(int value) {
            this.maxConnectionsPerAddress = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value requests of one connection at a time that are not answered to their end
         * @return this
         */
        public Context maxRequestsPerConnection(int value) {
            this.maxRequestsPerConnection = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value requests of all connections from one address at a time that are not answered to their end
         * @return this
         */
        public Context maxRequestsPerAddress(int value) {
            this.maxRequestsPerAddress = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value bytes of unfinished frames of all connections, at least one frame
         * @return this
         */
        public Context maxInboundBytes(long value) {
            this.maxInboundBytes = value;
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
         * @param value bytes that may wait in all connections to be sent, at least those of one
         * @return this
         */
        public Context maxTotalOutboundBytes(long value) {
            this.maxTotalOutboundBytes = value;
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
         * @param value how long one frame may take from its first byte to its last, in either
         *     direction, in nanoseconds
         * @return this
         */
        public Context frameTimeoutNs(long value) {
            this.frameTimeoutNs = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value how long nothing may come or go before a connection is closed, in nanoseconds
         * @return this
         */
        public Context idleTimeoutNs(long value) {
            this.idleTimeoutNs = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value how long nothing may come or go for a request before it ends without an
         *     answer, in nanoseconds
         * @return this
         */
        public Context requestTimeoutNs(long value) {
            this.requestTimeoutNs = value;
            return this;
        }

        /**
         * Checks and fixes what was set.
         *
         * @return the limits
         * @throws IllegalArgumentException if one is out of its range
         */
        public ServerLimits conclude() {
            return new ServerLimits(
                    maxConnections,
                    maxConnectionsPerAddress,
                    maxRequestsPerConnection,
                    maxRequestsPerAddress,
                    maxInboundBytes,
                    maxOutboundBytes,
                    maxTotalOutboundBytes,
                    handshakeTimeoutNs,
                    frameTimeoutNs,
                    idleTimeoutNs,
                    requestTimeoutNs);
        }
    }
}
