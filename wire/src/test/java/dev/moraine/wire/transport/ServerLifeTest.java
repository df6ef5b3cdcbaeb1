package dev.moraine.wire.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moraine.wire.message.GetHealth;
import dev.moraine.wire.message.HealthAnswer;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MetadataAnswer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(Leaks.class)
class ServerLifeTest {
    @ParameterizedTest
    @EnumSource
    void portsInUseAreNamed(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            InetSocketAddress taken = loopback.serve(new EchoHandler()).address();
            BindFailedException failure = assertThrows(BindFailedException.class, () -> listen(loopback, taken));
            assertEquals(
                    "cannot listen on " + taken.getHostString() + ":" + taken.getPort() + ": address already in use",
                    failure.getMessage());
            InetSocketAddress unknown = InetSocketAddress.createUnresolved("no host", 1);
            assertEquals(
                    "cannot listen on no host:1: host name is unknown",
                    assertThrows(BindFailedException.class, () -> listen(loopback, unknown)).getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource
    void portsAreFreeAfterClosing(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = loopback.serve(new EchoHandler());
            for (int i = 0; i < 5; i++) {
                server.close();
                server = listen(loopback, server.address());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingSendsWhatWaitsAndTellsTheHandler(TransportKind kind) throws IOException {
        int answers = 1000;
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        PeerServer.Handler handler = new PeerServer.Handler() {
            @Override
            public void onOpened(PeerChannel channel) {
                opened.incrementAndGet();
                channel.attach("kept");
            }

            @Override
            public void onMessage(PeerChannel from, Message message) {
                for (int i = 0; i < answers; i++) {
                    from.send(new MetadataAnswer(message.requestId(), new byte[1000]));
                }
                from.close();
            }

            @Override
            public void onClosed(PeerChannel channel) {
                assertEquals("kept", channel.attachment());
                closed.incrementAndGet();
            }
        };
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = loopback.serve(handler);
            try (RawPeer peer = RawPeer.to(server).greet();
                    RawPeer idle = RawPeer.to(server).greet()) {
                peer.send(new GetHealth(1));
                for (int i = 0; i < answers; i++) {
                    peer.read(MetadataAnswer.class);
                }
                assertNull(peer.read());
                server.close();
                assertNull(idle.read());
                assertEquals(2, opened.get());
                assertEquals(2, closed.get());
                assertEquals(0, server.connectionCount());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingDoesNotWaitForPeersThatDoNotRead(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = loopback.serve((from, message) -> {
                while (from.send(new MetadataAnswer(message.requestId(), new byte[10_000]))) {
                    // Until nothing more fits.
                }
            });
            try (RawPeer peer = RawPeer.slowTo(server).greet()) {
                peer.send(new GetHealth(1));
                Loopback.eventually(
                        "the server is stuffed", () -> server.counters().get(TransportCounter.REFUSED_SENDS) > 0);
                server.close();
                assertEquals(0, server.connectionCount());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void countersCountWhatPasses(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = loopback.serve(new EchoHandler());
            PeerConnection connection = loopback.connect(server);
            Loopback.ask(connection, GetHealth::new).answer(HealthAnswer.class);
            long helloBytes = 4 + 8 + 34;
            long welcomeBytes = 4 + 8 + 36;
            long getBytes = 4 + 8 + 8;
            long answerBytes = 4 + 8 + 33;
            for (TransportCounters counters : new TransportCounters[] {server.counters(), connection.counters()}) {
                assertEquals(2, counters.get(TransportCounter.FRAMES_IN));
                assertEquals(2, counters.get(TransportCounter.FRAMES_OUT));
                assertEquals(1, counters.get(TransportCounter.OPENED));
            }
            assertEquals(helloBytes + getBytes, server.counters().get(TransportCounter.BYTES_IN));
            assertEquals(welcomeBytes + answerBytes, connection.counters().get(TransportCounter.BYTES_IN));
            assertEquals(helloBytes + getBytes, connection.counters().snapshot().get(TransportCounter.BYTES_OUT));
        }
    }

    private static PeerServer listen(Loopback loopback, InetSocketAddress address) throws BindFailedException {
        return loopback.transport().listen(address, Loopback.IDENTITY, new EchoHandler(), ServerLimits.defaults());
    }
}
