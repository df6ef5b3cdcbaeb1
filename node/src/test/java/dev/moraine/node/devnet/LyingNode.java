package dev.moraine.node.devnet;

import dev.moraine.proofs.certificate.BlsSecretKey;
import dev.moraine.proofs.certificate.Statement;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.wire.message.BundleGrant;
import dev.moraine.wire.message.BundleOffer;
import dev.moraine.wire.message.BundleSigned;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.transport.BindFailedException;
import dev.moraine.wire.transport.NodeIdentity;
import dev.moraine.wire.transport.PeerChannel;
import dev.moraine.wire.transport.PeerServer;
import dev.moraine.wire.transport.ServerLimits;
import dev.moraine.wire.transport.Transport;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Stands where a storage node should, and does what one must not. */
final class LyingNode implements AutoCloseable {
    /** What it does. */
    enum Lie {
        /** Claims to have stored everything, with bytes that are no signature. */
        WRONG_SIGNATURE,
        /** The same, with its own good signature of another bundle. */
        SIGNATURE_OF_ANOTHER_ROOT,
        /** Takes offers and bodies and never answers. */
        ACCEPT_AND_STALL,
        /** Writes random bytes as soon as somebody connects. */
        GARBAGE_FRAMES,
        /** Begins a frame and goes on with one byte a second. */
        ONE_BYTE_A_SECOND
    }

    private final Lie lie;
    private final Closeable server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    private LyingNode(Lie lie, Transport transport, Committee committee, int member, BlsSecretKey key, Random random)
            throws BindFailedException, IOException {
        this.lie = lie;
        InetSocketAddress address = new InetSocketAddress(
                committee.members().get(member).host(), committee.members().get(member).port());
        server = switch (lie) {
            case WRONG_SIGNATURE, SIGNATURE_OF_ANOTHER_ROOT, ACCEPT_AND_STALL ->
                transport.listen(
                                address,
                                new NodeIdentity(committee.deploymentId().toBytes(), member),
                                new LyingHandler(committee, key),
                                ServerLimits.defaults())
                        ::close;
            case GARBAGE_FRAMES, ONE_BYTE_A_SECOND -> raw(address, random);
        };
    }

    /**
     * Listens at a member's address, which must be free.
     *
     * @param lie what it does
     * @param transport event loops
     * @param committee the committee
     * @param member whom it stands in for
     * @param key the member's key
     * @param random what garbage is made of
     * @return the liar
     */
    static LyingNode start(
            Lie lie, Transport transport, Committee committee, int member, BlsSecretKey key, Random random)
            throws BindFailedException, IOException {
        return new LyingNode(lie, transport, committee, member, key, random);
    }

    private ServerSocket raw(InetSocketAddress address, Random random) throws IOException {
        ServerSocket listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(address);
        long seed = random.nextLong();
        Thread.ofVirtual().start(() -> {
            while (!listening.isClosed()) {
                try {
                    Socket socket = listening.accept();
                    sockets.add(socket);
                    Thread.ofVirtual().start(() -> write(socket, new Random(seed)));
                } catch (IOException e) {
                    return;
                }
            }
        });
        return listening;
    }

    private void write(Socket socket, Random random) {
        byte[] bytes = new byte[1 << 16];
        random.nextBytes(bytes);
        try (socket;
                OutputStream out = socket.getOutputStream()) {
            if (lie == Lie.GARBAGE_FRAMES) {
                out.write(bytes);
                return;
            }
            out.write(new byte[] {100, 0, 0, 0});
            for (byte each : bytes) {
                out.write(each);
                out.flush();
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            }
        } catch (IOException e) {
            // The other side has had enough, or the test is over.
            sockets.remove(socket);
        }
    }

    /** Signs without having stored. */
    private final class LyingHandler implements PeerServer.Handler {
        private final Committee committee;
        private final BlsSecretKey key;

        LyingHandler(Committee committee, BlsSecretKey key) {
            this.committee = committee;
            this.key = key;
        }

        @Override
        public void onMessage(PeerChannel from, Message message) {
            if (message instanceof BundleOffer offer) {
                from.send(new BundleGrant(
                        offer.requestId(),
                        IntStream.range(0, offer.entries().size()).boxed().toList()));
                switch (lie) {
                    case WRONG_SIGNATURE -> from.send(new BundleSigned(offer.requestId(), new byte[96]));
                    case SIGNATURE_OF_ANOTHER_ROOT -> {
                        Statement other = new Statement(
                                committee.deploymentId(),
                                offer.epoch(),
                                offer.entries().size(),
                                new Digest(1, 2, 3, 4));
                        from.send(new BundleSigned(
                                offer.requestId(), key.sign(other.encode()).encode()));
                    }
                    default -> {
                        // Stalls.
                    }
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
