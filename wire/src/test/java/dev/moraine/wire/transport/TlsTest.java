package dev.moraine.wire.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.testing.Seed;
import dev.moraine.wire.message.GetHealth;
import dev.moraine.wire.message.GetSliver;
import dev.moraine.wire.message.HealthAnswer;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.message.Part;
import dev.moraine.wire.message.SliverData;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections are what they are without TLS, but only between peers that know each other's certificates. */
@ExtendWith(Leaks.class)
class TlsTest {
    private static final int PIECE_BYTES = MessageLimits.MAX_SLIVER_DATA_BYTES;

    @TempDir
    private static Path folder;

    private static TlsIdentity node;
    private static TlsIdentity gateway;
    private static TlsIdentity stranger;

    @BeforeAll
    static void create() throws IOException {
        node = create("node");
        gateway = create("gateway");
        stranger = create("stranger");
    }

    @ParameterizedTest
    @EnumSource
    void pinnedPeersTalk(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer mutual = serve(loopback, new EchoHandler(), ServerLimits.defaults(), gateway.pin());
            Loopback.ask(connect(loopback, mutual, node.pin(), gateway), GetHealth::new).answer(HealthAnswer.class);
            PeerServer open = serve(loopback, new EchoHandler(), ServerLimits.defaults());
            Loopback.ask(connect(loopback, open, node.pin(), null), GetHealth::new).answer(HealthAnswer.class);
            Loopback.ask(connect(loopback, open, node.pin(), stranger), GetHealth::new).answer(HealthAnswer.class);
            assertEquals(0, mutual.counters().get(TransportCounter.TLS_FAILURES));
        }
    }

    @ParameterizedTest
    @EnumSource
    void transportsProtectConnectionsByTheNodeThatIsMeant(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = serve(loopback, new EchoHandler(), ServerLimits.defaults(), gateway.pin());
            loopback.transport().protect(index -> index == PeerConnection.ANY_NODE
                    ? ClientSecurity.tls(Set.of(stranger.pin(), node.pin()), gateway)
                    : ClientSecurity.tls(index == 3 ? node.pin() : stranger.pin(), gateway));
            Loopback.ask(loopback.connect(server), GetHealth::new).answer(HealthAnswer.class);
            PeerConnection any = loopback.transport()
                    .connect(server.address(), Loopback.DEPLOYMENT, PeerConnection.ANY_NODE);
            Loopback.ask(any, GetHealth::new).answer(HealthAnswer.class);
            PeerConnection other = loopback.transport().connect(server.address(), Loopback.DEPLOYMENT, 4);
            Loopback.ask(other, GetHealth::new).failsWith(RequestFailure.REJECTED);
            assertThrows(IllegalArgumentException.class, () -> ClientSecurity.tls(Set.of(), gateway));
        }
    }

    @ParameterizedTest
    @EnumSource
    void nodesWithAnotherCertificateAreRejected(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = serve(loopback, new EchoHandler(), ServerLimits.defaults());
            PeerConnection connection = connect(loopback, server, stranger.pin(), null);
            Loopback.ask(connection, GetHealth::new).failsWith(RequestFailure.REJECTED);
            String problem = String.valueOf(connection.lastProblem());
            assertTrue(problem.contains(node.pin() + ", which is not accepted"), problem);
            Loopback.eventually(server.counters(), TransportCounter.TLS_FAILURES, 1);
            assertEquals(0, server.counters().get(TransportCounter.OPENED));
        }
    }

    @ParameterizedTest
    @EnumSource
    void clientsWithAnotherCertificateOrNoneAreNotLetIn(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = serve(loopback, new EchoHandler(), ServerLimits.defaults(), gateway.pin());
            // Whether the alert or the end of the connection comes first is a matter of chance.
            assertTrue(!Loopback.ask(connect(loopback, server, node.pin(), null), GetHealth::new)
                    .isAnswer());
            assertTrue(!Loopback.ask(connect(loopback, server, node.pin(), stranger), GetHealth::new)
                    .isAnswer());
            Loopback.eventually(server.counters(), TransportCounter.TLS_FAILURES, 2);
            assertEquals(0, server.counters().get(TransportCounter.OPENED));
            Loopback.ask(connect(loopback, server, node.pin(), gateway), GetHealth::new).answer(HealthAnswer.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyBothOrNoneSpeakTls(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer encrypted = serve(loopback, new EchoHandler(), ServerLimits.defaults());
            assertTrue(!Loopback.ask(loopback.connect(encrypted), GetHealth::new).isAnswer());
            Loopback.eventually(encrypted.counters(), TransportCounter.TLS_FAILURES, 1);
            PeerServer plain = loopback.serve(new EchoHandler());
            PeerConnection connection = connect(loopback, plain, node.pin(), null);
            assertTrue(!Loopback.ask(connection, GetHealth::new).isAnswer());
            Loopback.eventually(plain.counters(), TransportCounter.OVERSIZED, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void handshakesThatStallEnd(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            ServerLimits limits = new ServerLimits.Context()
                    .handshakeTimeoutNs(TimeUnit.MILLISECONDS.toNanos(50))
                    .conclude();
            PeerServer server = serve(loopback, new EchoHandler(), limits);
            try (RawPeer peer = RawPeer.to(server)) {
                peer.sendBytes(new byte[] {0x16, 0x03, 0x01, 0x02, 0x00, 0x01});
                assertNull(peer.read());
            }
            Loopback.eventually(server.counters(), TransportCounter.HANDSHAKE_TIMEOUTS, 1);
            Loopback.eventually("it is gone", () -> server.connectionCount() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void slowReadersHoldUpToTheLimitAndEveryPieceIsReleasedOnce(TransportKind kind)
            throws IOException, GeneralSecurityException {
        long limit = 32L << 20;
        MemorySegment piece = Arena.ofAuto()
                .allocate(PIECE_BYTES)
                .copyFrom(MemorySegment.ofArray(Seed.bytes(Seed.random("TlsTest"), PIECE_BYTES)));
        AtomicInteger accepted = new AtomicInteger();
        AtomicInteger released = new AtomicInteger();
        CompletableFuture<PeerChannel> stuffed = new CompletableFuture<>();
        PeerServer.Handler handler = new EchoHandler() {
            @Override
            public void onMessage(PeerChannel from, Message message) {
                if (!(message instanceof GetSliver)) {
                    super.onMessage(from, message);
                    return;
                }
                SliverData data =
                        new SliverData(message.requestId(), 0, 0, Part.PRIMARY, 0, 2L * PIECE_BYTES, piece);
                while (from.sendThenRelease(data, released::incrementAndGet)) {
                    accepted.incrementAndGet();
                }
                stuffed.complete(from);
            }
        };
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = serve(
                    loopback, handler, new ServerLimits.Context().maxOutboundBytes(limit).conclude());
            try (RawPeer peer = new RawPeer(encrypted(server)).greet()) {
                peer.send(new GetSliver(1, new byte[32], 0, Part.PRIMARY));
                PeerChannel from = stuffed.orTimeout(Loopback.PATIENCE_NS, TimeUnit.NANOSECONDS).join();
                // Both event loops have worked off what waited when these are answered.
                for (int i = 0; i < 4; i++) {
                    Loopback.ask(connect(loopback, server, node.pin(), null), GetHealth::new)
                            .answer(HealthAnswer.class);
                }
                assertTrue(from.outboundBytes() > limit / 2, () -> from.outboundBytes() + " wait");
                for (int i = 0; i < accepted.get(); i++) {
                    assertEquals(-1, piece.mismatch(peer.read(SliverData.class).data()));
                }
                Loopback.eventually("all is sent", () -> from.outboundBytes() == 0);
                peer.send(new GetSliver(2, new byte[32], 0, Part.PRIMARY));
            }
            Loopback.eventually("all is released", () -> released.get() > accepted.get());
            Loopback.eventually("it is gone", () -> server.connectionCount() == 4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutTlsOtherMachinesAreNotServedUnlessThatIsAllowed(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            InetSocketAddress everywhere = new InetSocketAddress(InetAddress.getByAddress(new byte[4]), 0);
            Transport transport = loopback.transport();
            String message = String.valueOf(assertThrows(
                            BindFailedException.class,
                            () -> transport.listen(
                                    everywhere, Loopback.IDENTITY, new EchoHandler(), ServerLimits.defaults()))
                    .getMessage());
            assertTrue(message.startsWith("will not listen on 0.0.0.0:0 without TLS"), message);
            for (ServerSecurity allowed : new ServerSecurity[] {
                ServerSecurity.plaintextAnywhere(), ServerSecurity.tls(node, Set.of())
            }) {
                transport
                        .listen(everywhere, Loopback.IDENTITY, new EchoHandler(), ServerLimits.defaults(), allowed)
                        .close();
            }
        }
    }

    private static TlsIdentity create(String name) throws IOException {
        return TlsIdentity.create(folder.resolve(name + ".crt"), folder.resolve(name + ".key"), name);
    }

    private static PeerServer serve(
            Loopback loopback, PeerServer.Handler handler, ServerLimits limits, CertificatePin... clients)
            throws IOException {
        return loopback.transport()
                .listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Loopback.IDENTITY,
                        handler,
                        limits,
                        ServerSecurity.tls(node, Set.of(clients)));
    }

    private static PeerConnection connect(
            Loopback loopback, PeerServer server, CertificatePin pin, @Nullable TlsIdentity own) {
        return loopback.transport()
                .connect(
                        server.address(),
                        Loopback.DEPLOYMENT,
                        Loopback.IDENTITY.nodeIndex(),
                        ConnectionLimits.defaults(),
                        ClientSecurity.tls(pin, own));
    }

    /** A blocking socket with TLS over a small receive buffer. */
    private static Socket encrypted(PeerServer server) throws IOException, GeneralSecurityException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(16 * 1024);
        socket.connect(server.address());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new PinTrust(Set.of(node.pin()))}, new SecureRandom());
        return context.getSocketFactory().createSocket(socket, "node", server.address().getPort(), true);
    }
}
