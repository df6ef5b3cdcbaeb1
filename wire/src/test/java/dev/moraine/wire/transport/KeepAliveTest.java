package dev.moraine.wire.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.wire.message.GetHealth;
import dev.moraine.wire.message.HealthAnswer;
import dev.moraine.wire.message.Hello;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.message.Ping;
import dev.moraine.wire.message.Pong;
import dev.moraine.wire.message.Welcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Healthy connections stay, dead ones go. */
@ExtendWith(Leaks.class)
class KeepAliveTest {
    private final ManualClock clock = new ManualClock();

    @ParameterizedTest
    @EnumSource
    void idleConnectionsOfHealthyPeersStayOpen(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind, clock)) {
            PeerServer server = loopback.serve(new EchoHandler(), ManualClock.quickServer().conclude());
            PeerConnection connection = loopback.connect(server, ManualClock.quickClient());
            Loopback.ask(connection, GetHealth::new).answer(HealthAnswer.class);
            for (int pings = 1; pings <= 25; pings++) {
                clock.advanceMs(11);
                Loopback.eventually(connection.counters(), TransportCounter.PINGS, pings);
                Loopback.eventually(connection.counters(), TransportCounter.FRAMES_IN, 2 + pings);
            }
            assertTrue(connection.isConnected());
            assertEquals(1, server.connectionCount());
            assertEquals(1, connection.counters().get(TransportCounter.OPENED));
            Loopback.ask(connection, GetHealth::new).answer(HealthAnswer.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void requestsThatTakeLongerThanSilenceMayAreNotBroken(TransportKind kind) throws IOException {
        HoldingHandler holding = new HoldingHandler();
        try (Loopback loopback = new Loopback(kind, clock)) {
            PeerConnection connection = loopback.connect(
                    loopback.serve(holding, ManualClock.quickServer().conclude()), ManualClock.quickClient());
            Outcome outcome = Loopback.ask(connection, GetHealth::new);
            Loopback.eventually("the request came", () -> holding.count() == 1);
            for (int pings = 1; pings <= 8; pings++) {
                clock.advanceMs(11);
                Loopback.eventually(connection.counters(), TransportCounter.FRAMES_IN, 1 + pings);
            }
            holding.answerAll();
            outcome.answer(HealthAnswer.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nodesThatGiveNoSignOfLifeAreGivenUp(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind, clock);
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            PeerConnection connection = loopback.transport().connect(
                    (InetSocketAddress) socket.getLocalSocketAddress(),
                    Loopback.DEPLOYMENT,
                    3,
                    ManualClock.quickClient());
            Outcome asked = Loopback.ask(connection, GetHealth::new);
            try (RawPeer node = new RawPeer(socket.accept())) {
                node.read(Hello.class);
                node.send(new Welcome(1, Loopback.DEPLOYMENT, 3));
                GetHealth request = node.read(GetHealth.class);
                node.send(new HealthAnswer(request.requestId(), 0, 0, 0, 0));
                asked.answer(HealthAnswer.class);
                clock.advanceMs(11);
                node.read(Ping.class);
                clock.advanceMs(29);
                assertTrue(connection.isConnected());
                clock.advanceMs(2);
                Loopback.eventually(connection.counters(), TransportCounter.IDLE_TIMEOUTS, 1);
                Loopback.eventually("it is noticed", () -> !connection.isConnected());
                node.awaitClose();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void framesThatTrickleInAreCutOff(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind, clock)) {
            PeerServer server = loopback.serve(new EchoHandler(), ManualClock.quickServer().conclude());
            try (RawPeer client = RawPeer.to(server).greet()) {
                client.sendLength(MessageLimits.MAX_FRAME_BYTES);
                Loopback.eventually("it is cut off", () -> {
                    sendByte(client);
                    clock.advanceMs(1);
                    return server.counters().get(TransportCounter.FRAME_TIMEOUTS) == 1;
                });
                client.awaitClose();
            }
            Loopback.eventually("it is gone", () -> server.connectionCount() == 0);
        }
    }

    private static void sendByte(RawPeer client) {
        try {
            client.sendBytes(new byte[1]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void clientsThatGiveNoSignOfLifeAreGivenUp(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind, clock)) {
            PeerServer server = loopback.serve(new EchoHandler(), ManualClock.quickServer().conclude());
            try (RawPeer client = RawPeer.to(server).greet()) {
                client.send(new Ping(-5));
                assertEquals(-5, assertInstanceOf(Pong.class, client.read()).token());
                clock.advanceMs(121);
                client.awaitClose();
                Loopback.eventually(server.counters(), TransportCounter.IDLE_TIMEOUTS, 1);
            }
        }
    }
}
