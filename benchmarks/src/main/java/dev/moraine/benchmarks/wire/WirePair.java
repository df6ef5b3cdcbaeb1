package dev.moraine.benchmarks.wire;

import dev.moraine.wire.message.BundleGrant;
import dev.moraine.wire.message.BundleOffer;
import dev.moraine.wire.message.BundleSigned;
import dev.moraine.wire.message.GetHealth;
import dev.moraine.wire.message.HealthAnswer;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.message.SliverData;
import dev.moraine.wire.transport.ClientSecurity;
import dev.moraine.wire.transport.ConnectionLimits;
import dev.moraine.wire.transport.NodeIdentity;
import dev.moraine.wire.transport.PeerChannel;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.PeerServer;
import dev.moraine.wire.transport.ServerLimits;
import dev.moraine.wire.transport.ServerSecurity;
import dev.moraine.wire.transport.TlsIdentity;
import dev.moraine.wire.transport.Transport;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.SystemNanoClock;

/**
 * A server and a client on the loopback interface, each with one event loop. The server answers health requests at
 * once, and copies bodies into memory of its own as a node does.
 */
final class WirePair implements AutoCloseable {
    private static final byte[] DEPLOYMENT = new byte[MessageLimits.HASH_BYTES];

    private final Transport serving;
    private final Transport asking;
    private final PeerConnection connection;

    WirePair(WireVariant variant) throws IOException {
        serving = new Transport(variant.kind(), 1, SystemNanoClock.INSTANCE, variant.tuning());
        asking = new Transport(variant.kind(), 1, SystemNanoClock.INSTANCE, variant.tuning());
        ServerSecurity serverSecurity = ServerSecurity.plaintextOnLoopback();
        ClientSecurity clientSecurity = ClientSecurity.plaintext();
        if (variant.isEncrypted()) {
            TlsIdentity identity = newIdentity();
            serverSecurity = ServerSecurity.tls(identity, Set.of(identity.pin()));
            clientSecurity = ClientSecurity.tls(identity.pin(), identity);
        }
        PeerServer server = serving.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new NodeIdentity(DEPLOYMENT, 0),
                new Answering(),
                ServerLimits.defaults(),
                serverSecurity);
        connection = asking.connect(
                server.address(), DEPLOYMENT, PeerConnection.ANY_NODE, ConnectionLimits.defaults(), clientSecurity);
    }

    PeerConnection connection() {
        return connection;
    }

    @Override
    public void close() {
        asking.close();
        serving.close();
    }

    private static TlsIdentity newIdentity() throws IOException {
        Path folder = Files.createTempDirectory("moraine-wire");
        Path certificate = folder.resolve("crt");
        Path key = folder.resolve("key");
        try {
            return TlsIdentity.create(certificate, key, "bench");
        } finally {
            Files.deleteIfExists(certificate);
            Files.deleteIfExists(key);
            Files.deleteIfExists(folder);
        }
    }

    /** The server's side. */
    private static final class Answering implements PeerServer.Handler {
        private final MemorySegment taken = Arena.ofAuto().allocate(MessageLimits.MAX_SLIVER_DATA_BYTES);

        @Override
        public void onMessage(PeerChannel from, Message message) {
            switch (message) {
                case GetHealth get -> from.send(new HealthAnswer(get.requestId(), 0, 0, 0, 0));
                case BundleOffer offer -> from.send(new BundleGrant(offer.requestId(), List.of(0)));
                case SliverData data -> {
                    MemorySegment.copy(data.data(), 0, taken, 0, data.data().byteSize());
                    if (data.isLast()) {
                        from.send(new BundleSigned(
                                data.requestId(), new byte[MessageLimits.NODE_SIGNATURE_BYTES]));
                    }
                }
                default -> throw new IllegalStateException("not sent by this benchmark");
            }
        }
    }
}
