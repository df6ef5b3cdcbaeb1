package dev.moraine.wire.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.testing.Seed;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.GetCertificate;
import dev.moraine.wire.message.GetHealth;
import dev.moraine.wire.message.HealthAnswer;
import dev.moraine.wire.message.Hello;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.message.RandomMessages;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever one peer does, its own connection ends, the reason is counted, and others are still served. */
@ExtendWith(Leaks.class)
class HostilePeerTest {
    private static final int VERSION_AT = 6;
    private static final int TEMPLATE_AT = 2;
    private static final long SHORT_NS = TimeUnit.MILLISECONDS.toNanos(50);

    @ParameterizedTest
    @EnumSource
    void otherVersionsAndDeploymentsAreRefused(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = loopback.serve(new EchoHandler());
            byte[] otherDeployment = new byte[32];
            otherDeployment[31] = 1;
            refuses(server, new Hello(2, Loopback.DEPLOYMENT), FailureCode.WRONG_VERSION);
            refuses(server, new Hello(1, otherDeployment), FailureCode.WRONG_DEPLOYMENT);
            refuses(server, new GetHealth(1), FailureCode.UNEXPECTED_MESSAGE);
            byte[] otherSchema = RawPeer.encoded(new Hello(1, Loopback.DEPLOYMENT));
            otherSchema[VERSION_AT]++;
            try (RawPeer peer = RawPeer.to(server)) {
                peer.sendFrame(otherSchema);
                assertEquals(FailureCode.WRONG_VERSION, peer.read(Failure.class).code());
                assertNull(peer.read());
            }
            Loopback.eventually(server.counters(), TransportCounter.REFUSED_HELLO, 4);
            assertServes(loopback, server);
        }
    }

    @ParameterizedTest
    @EnumSource
    void cutFramesOfEveryTypeAreRefused(TransportKind kind) throws IOException {
        Random random = Seed.random("HostilePeerTest.cut");
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = loopback.serve(new EchoHandler());
            int count = 0;
            for (Function<Random, Message> maker : RandomMessages.MAKERS) {
                byte[] body = RawPeer.encoded(maker.apply(random));
                for (int length : new int[] {MessageLimits.HEADER_BYTES, random.nextInt(8, body.length)}) {
                    try (RawPeer peer = RawPeer.to(server).greet()) {
                        peer.sendFrame(Arrays.copyOf(body, length));
                        assertEquals(FailureCode.MALFORMED, peer.read(Failure.class).code());
                        assertNull(peer.read());
                        count++;
                    }
                }
            }
            Loopback.eventually(server.counters(), TransportCounter.MALFORMED, count);
            assertServes(loopback, server);
        }
    }

    @ParameterizedTest
    @EnumSource
    void streamsThatEndAnywhereLeaveNothingBehind(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = loopback.serve(new EchoHandler());
            byte[] hello = RawPeer.encoded(new Hello(1, Loopback.DEPLOYMENT));
            for (int length = 0; length <= hello.length; length++) {
                try (RawPeer peer = RawPeer.to(server)) {
                    peer.sendLength(hello.length);
                    peer.sendBytes(Arrays.copyOf(hello, length));
                }
            }
            Loopback.eventually("all are gone", () -> server.connectionCount() == 0);
            assertServes(loopback, server);
        }
    }

    @ParameterizedTest
    @EnumSource
    void malformedFramesAreRefused(TransportKind kind) throws IOException {
        Random random = Seed.random("HostilePeerTest.malformed");
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = loopback.serve(new EchoHandler());
            byte[] good = RawPeer.encoded(new GetHealth(1));
            byte[] trailing = Arrays.copyOf(good, good.length + 1);
            byte[] unknown = good.clone();
            unknown[TEMPLATE_AT] = (byte) 0xEE;
            byte[] otherVersion = good.clone();
            otherVersion[VERSION_AT]++;
            byte[] garbage = Seed.bytes(random, 100);
            byte[][] frames = {trailing, unknown, otherVersion, garbage, new byte[7], new byte[0]};
            for (byte[] frame : frames) {
                try (RawPeer peer = RawPeer.to(server).greet()) {
                    peer.sendFrame(frame);
                    assertEquals(FailureCode.MALFORMED, peer.read(Failure.class).code());
                    assertNull(peer.read());
                }
            }
            Loopback.eventually(server.counters(), TransportCounter.MALFORMED, frames.length);
            assertServes(loopback, server);
        }
    }

    @ParameterizedTest
    @EnumSource
    void lengthsBeyondTheLimitAreRefused(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = loopback.serve(new EchoHandler());
            int[] lengths = {MessageLimits.MAX_FRAME_BYTES + 1, Integer.MAX_VALUE, Integer.MIN_VALUE, -1};
            for (int length : lengths) {
                try (RawPeer peer = RawPeer.to(server).greet()) {
                    peer.sendLength(length);
                    assertEquals(FailureCode.MALFORMED, peer.read(Failure.class).code());
                    assertNull(peer.read());
                }
            }
            try (RawPeer peer = RawPeer.to(server)) {
                peer.sendLength(MessageLimits.MAX_HANDSHAKE_FRAME_BYTES + 1);
                assertEquals(FailureCode.MALFORMED, peer.read(Failure.class).code());
                assertNull(peer.read());
            }
            Loopback.eventually(server.counters(), TransportCounter.OVERSIZED, lengths.length + 1);
            try (RawPeer peer = RawPeer.to(server).greet()) {
                peer.sendFrame(new byte[MessageLimits.MAX_FRAME_BYTES]);
                peer.awaitClose();
            }
            Loopback.eventually(server.counters(), TransportCounter.MALFORMED, 1);
            assertEquals(lengths.length + 1, server.counters().get(TransportCounter.OVERSIZED));
            assertServes(loopback, server);
        }
    }

    @ParameterizedTest
    @EnumSource
    void messagesThatAreNotForAServerAreRefused(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = loopback.serve(new EchoHandler());
            Message[] messages = {new Hello(1, Loopback.DEPLOYMENT), new HealthAnswer(1, 0, 0, 0, 0)};
            for (Message message : messages) {
                try (RawPeer peer = RawPeer.to(server).greet()) {
                    peer.send(message);
                    assertEquals(FailureCode.UNEXPECTED_MESSAGE, peer.read(Failure.class).code());
                    assertNull(peer.read());
                }
            }
            Loopback.eventually(server.counters(), TransportCounter.UNEXPECTED, messages.length);
            assertServes(loopback, server);
        }
    }

    @ParameterizedTest
    @EnumSource
    void silentPeersAreClosed(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer handshake = loopback.serve(
                    new EchoHandler(), new ServerLimits.Context().handshakeTimeoutNs(SHORT_NS).conclude());
            try (RawPeer peer = RawPeer.to(handshake)) {
                assertNull(peer.read());
            }
            Loopback.eventually(handshake.counters(), TransportCounter.HANDSHAKE_TIMEOUTS, 1);
            assertServes(loopback, handshake);

            PeerServer frame = loopback.serve(
                    new EchoHandler(), new ServerLimits.Context().frameTimeoutNs(SHORT_NS).conclude());
            try (RawPeer peer = RawPeer.to(frame).greet()) {
                peer.sendLength(100);
                peer.sendBytes(new byte[99]);
                assertNull(peer.read());
            }
            Loopback.eventually(frame.counters(), TransportCounter.FRAME_TIMEOUTS, 1);
            assertServes(loopback, frame);

            PeerServer idle = loopback.serve(
                    new EchoHandler(), new ServerLimits.Context().idleTimeoutNs(SHORT_NS).conclude());
            try (RawPeer peer = RawPeer.to(idle).greet()) {
                assertNull(peer.read());
            }
            Loopback.eventually(idle.counters(), TransportCounter.IDLE_TIMEOUTS, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void connectionsAreHeldToTheirLimit(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server =
                    loopback.serve(new EchoHandler(), new ServerLimits.Context().maxConnections(2).conclude());
            try (RawPeer first = RawPeer.to(server).greet()) {
                RawPeer second = RawPeer.to(server).greet();
                try (RawPeer third = RawPeer.to(server)) {
                    assertEquals(FailureCode.OVER_LIMIT, third.read(Failure.class).code());
                    assertNull(third.read());
                }
                Loopback.eventually(server.counters(), TransportCounter.REFUSED_CONNECTIONS, 1);
                first.send(new GetHealth(1));
                first.read(HealthAnswer.class);
                second.close();
                Loopback.eventually("a place is free", () -> server.connectionCount() == 1);
                assertServes(loopback, server);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void handlersThatThrowCloseOneConnection(TransportKind kind) throws IOException {
        try (ExpectedFailures _ = new ExpectedFailures();
                Loopback loopback = new Loopback(kind)) {
            PeerServer server = loopback.serve(new EchoHandler());
            try (RawPeer other = RawPeer.to(server).greet();
                    RawPeer peer = RawPeer.to(server).greet()) {
                peer.send(new GetCertificate(1, new byte[32]));
                assertNull(peer.read());
                Loopback.eventually(server.counters(), TransportCounter.HANDLER_FAILURES, 1);
                other.send(new GetHealth(1));
                other.read(HealthAnswer.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void framesThatComeByteByByteAreUnderstood(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind);
                RawPeer peer = RawPeer.to(loopback.serve(new EchoHandler())).greet()) {
            byte[] body = RawPeer.encoded(new GetHealth(7));
            for (int round = 0; round < 3; round++) {
                for (byte next : new byte[] {(byte) body.length, 0, 0, 0}) {
                    peer.sendBytes(new byte[] {next});
                }
                for (byte next : body) {
                    peer.sendBytes(new byte[] {next});
                }
                assertEquals(7, peer.read(HealthAnswer.class).requestId());
            }
        }
    }

    private static void refuses(PeerServer server, Message first, FailureCode code) throws IOException {
        try (RawPeer peer = RawPeer.to(server)) {
            peer.send(first);
            Failure failure = assertInstanceOf(Failure.class, peer.read());
            assertEquals(code, failure.code());
            assertEquals(Message.NO_REQUEST, failure.requestId());
            assertTrue(failure.text().length() > 5);
            assertNull(peer.read());
        }
    }

    private static void assertServes(Loopback loopback, PeerServer server) {
        try (PeerConnection connection = loopback.connect(server)) {
            Loopback.ask(connection, GetHealth::new).answer(HealthAnswer.class);
        }
    }
}
