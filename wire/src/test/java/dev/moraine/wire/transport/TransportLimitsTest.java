package dev.moraine.wire.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.testing.Seed;
import dev.moraine.wire.message.MessageLimits;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TransportLimitsTest {
    private static final long MOST_NS = TimeUnit.DAYS.toNanos(1);
    private static final long LEAST_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LEAST_OUTBOUND = MessageLimits.MAX_FRAME_BYTES + 4L;

    @Test
    void limitsOfServersHaveLimits() {
        int leastInbound = MessageLimits.MAX_FRAME_BYTES;
        int most = 1 << 20;
        new ServerLimits(1, 1, 1, 1, leastInbound, LEAST_OUTBOUND, LEAST_OUTBOUND, LEAST_NS, LEAST_NS, LEAST_NS, LEAST_NS);
        new ServerLimits(most, most, most, most, 1L << 40, 1L << 32, 1L << 40, MOST_NS, MOST_NS, MOST_NS, MOST_NS);
        names("maxConnectionsPerAddress", () -> new ServerLimits.Context().maxConnectionsPerAddress(0).conclude());
        names("maxRequestsPerConnection", () -> new ServerLimits.Context().maxRequestsPerConnection(0).conclude());
        names("maxRequestsPerAddress", () -> new ServerLimits.Context().maxRequestsPerAddress(most + 1).conclude());
        names("maxInboundBytes", () -> new ServerLimits.Context().maxInboundBytes(leastInbound - 1).conclude());
        names(
                "maxTotalOutboundBytes",
                () -> new ServerLimits.Context().maxOutboundBytes(LEAST_OUTBOUND).maxTotalOutboundBytes(LEAST_OUTBOUND - 1)
                        .conclude());
        names("requestTimeoutNs", () -> new ServerLimits.Context().requestTimeoutNs(0).conclude());
        names("maxConnections", () -> new ServerLimits.Context().maxConnections(0).conclude());
        names("maxConnections", () -> new ServerLimits.Context().maxConnections((1 << 20) + 1).conclude());
        names("maxOutboundBytes", () -> new ServerLimits.Context().maxOutboundBytes(LEAST_OUTBOUND - 1).conclude());
        names("maxOutboundBytes", () -> new ServerLimits.Context().maxOutboundBytes((1L << 32) + 1).conclude());
        names("handshakeTimeoutNs", () -> new ServerLimits.Context().handshakeTimeoutNs(LEAST_NS - 1).conclude());
        names("frameTimeoutNs", () -> new ServerLimits.Context().frameTimeoutNs(MOST_NS + 1).conclude());
        names("idleTimeoutNs", () -> new ServerLimits.Context().idleTimeoutNs(-1).conclude());
    }

    @Test
    void limitsOfClientsHaveLimits() {
        new ConnectionLimits(1, LEAST_OUTBOUND, LEAST_NS, LEAST_NS, LEAST_NS, LEAST_NS, LEAST_NS, LEAST_NS, LEAST_NS);
        new ConnectionLimits(1 << 20, 1L << 32, MOST_NS, MOST_NS, MOST_NS, MOST_NS, MOST_NS, MOST_NS, MOST_NS);
        names("keepAliveNs", () -> new ConnectionLimits.Context().keepAliveNs(LEAST_NS - 1).conclude());
        names("maxRequestsInFlight", () -> new ConnectionLimits.Context().maxRequestsInFlight(0).conclude());
        names("maxOutboundBytes", () -> new ConnectionLimits.Context().maxOutboundBytes(0).conclude());
        names("connectTimeoutNs", () -> new ConnectionLimits.Context().connectTimeoutNs(0).conclude());
        names("silenceTimeoutNs", () -> new ConnectionLimits.Context().silenceTimeoutNs(0).conclude());
        names("minBackoffNs", () -> new ConnectionLimits.Context().minBackoffNs(0).conclude());
        names("maxBackoffNs", () -> new ConnectionLimits.Context().maxBackoffNs(LEAST_NS).conclude());
    }

    @Test
    void identitiesHaveLimits() {
        new NodeIdentity(new byte[32], MessageLimits.MAX_SHARDS - 1);
        names("deploymentId", () -> new NodeIdentity(new byte[31], 0));
        names("nodeIndex", () -> new NodeIdentity(new byte[32], MessageLimits.MAX_SHARDS));
        names("threads", () -> new Transport(TransportKind.NIO, 0));
    }

    @Test
    void tuningsHaveLimits() {
        new IoUringTuning(0, 1024, 0);
        new IoUringTuning(1 << 14, 1 << 20, Integer.MAX_VALUE);
        names("ringBuffers", () -> new IoUringTuning(-1, 1024, 0));
        names("ringBuffers", () -> new IoUringTuning(1 << 15, 1024, 0));
        names("ringBuffers", () -> new IoUringTuning(3, 1024, 0));
        names("ringBufferBytes", () -> new IoUringTuning(1, 1023, 0));
        names("ringBufferBytes", () -> new IoUringTuning(1, (1 << 20) + 1, 0));
        names("zeroCopyFromBytes", () -> new IoUringTuning(1, 1024, -1));
    }

    @Test
    void delaysGrowToTheirLimitAndStartAnew() {
        Backoff backoff = new Backoff(100, 1000, Seed.random("TransportLimitsTest"));
        long[] ceilings = {100, 200, 400, 800, 1000, 1000};
        for (int round = 0; round < 100; round++) {
            for (long ceiling : ceilings) {
                long delay = backoff.afterFailureNs();
                assertTrue(delay >= ceiling / 2 && delay <= ceiling, () -> delay + " of " + ceiling);
            }
            backoff.reset();
        }
    }

    @Test
    void transportsAreChosenByName() {
        assertEquals(TransportKind.NIO, TransportKind.select("nio"));
        assertTrue(TransportKind.select("auto").isAvailable());
        for (TransportKind kind : TransportKind.values()) {
            if (kind.isAvailable()) {
                assertEquals(kind, TransportKind.select(kind.optionName()));
            } else {
                TransportUnavailableException failure = assertThrows(
                        TransportUnavailableException.class, () -> TransportKind.select(kind.optionName()));
                String message = String.valueOf(failure.getMessage());
                assertTrue(message.contains(kind.optionName()), message);
                assertEquals(1, message.lines().count());
            }
        }
        names("kqueue", () -> TransportKind.select("kqueue"));
    }

    private static void names(String expected, Executable refused) {
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, refused).getMessage());
        assertTrue(message.contains(expected), message);
    }
}
