package dev.moraine.node.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.codec.Geometry;
import dev.moraine.ingest.disperse.BatchFailure;
import dev.moraine.ingest.disperse.CompletionHandler;
import dev.moraine.node.demo.EmbeddedCommittee;
import dev.moraine.node.demo.LoopbackPorts;
import dev.moraine.node.gateway.Gateway;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.BlobState;
import dev.moraine.wire.message.GetStatus;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.StatusAnswer;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.RequestFailure;
import dev.moraine.wire.transport.ResponseHandler;
import dev.moraine.wire.transport.TransportKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Nodes on loopback, one shard each, that hold one certified blob of random bytes. */
final class PostedBlob implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final long MAX_BLOB_BYTES = 16 << 20;
    private static final long RETENTION_EPOCHS = 2;

    private final Path folder;
    private final EmbeddedCommittee nodes;
    private final byte[] bytes;
    private final BlobId id;

    private PostedBlob(Path folder, EmbeddedCommittee nodes, byte[] bytes, BlobId id) {
        this.folder = folder;
        this.nodes = nodes;
        this.bytes = bytes;
        this.id = id;
    }

    /** Starts nodes, posts a blob, and waits until every node has its certificate. */
    static PostedBlob of(Geometry geometry, int lengthBytes) throws Exception {
        Path folder = Files.createTempDirectory("posted-blob");
        byte[] bytes = Seed.bytes(Seed.random("PostedBlob"), lengthBytes);
        EmbeddedCommittee nodes = EmbeddedCommittee.start(
                folder, geometry, LoopbackPorts.free(geometry.shards()), TransportKind.NIO, MAX_BLOB_BYTES);
        boolean isPosted = false;
        try (Gateway gateway = nodes.openGateway()) {
            BlobId id = post(nodes, gateway, bytes).entry().blobId();
            for (PeerConnection peer : gateway.connections()) {
                awaitCertified(peer, id);
            }
            isPosted = true;
            return new PostedBlob(folder, nodes, bytes, id);
        } finally {
            if (!isPosted) {
                nodes.close();
            }
        }
    }

    private static BlobCertificate post(EmbeddedCommittee nodes, Gateway gateway, byte[] bytes) throws Exception {
        long epoch = nodes.committee().epochs().epochAt(System.currentTimeMillis());
        CompletableFuture<BlobCertificate> certificate = new CompletableFuture<>();
        assertTrue(gateway.submit(bytes, Namespace.parse("posted"), epoch + RETENTION_EPOCHS, new CompletionHandler() {
                    @Override
                    public void onCertified(BlobCertificate certified) {
                        certificate.complete(certified);
                    }

                    @Override
                    public void onFailed(BatchFailure failure) {
                        certificate.completeExceptionally(new AssertionError(failure));
                    }
                })
                .isAccepted());
        return certificate.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static void awaitCertified(PeerConnection peer, BlobId id) throws Exception {
        long startNs = System.nanoTime();
        while (!(ask(peer, id) instanceof StatusAnswer status && status.state() == BlobState.CERTIFIED)) {
            assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS));
        }
    }

    private static Message ask(PeerConnection peer, BlobId id) throws Exception {
        CompletableFuture<Message> answer = new CompletableFuture<>();
        peer.request(
                requestId -> new GetStatus(requestId, id.toBytes()),
                new ResponseHandler() {
                    @Override
                    public boolean onMessage(Message message) {
                        answer.complete(message);
                        return true;
                    }

                    @Override
                    public void onFailure(RequestFailure reason) {
                        answer.completeExceptionally(new AssertionError(reason));
                    }
                },
                TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS));
        return answer.get();
    }

    /** The blob. */
    byte[] bytes() {
        return bytes;
    }

    /** Its id. */
    BlobId id() {
        return id;
    }

    /** The genesis file of the nodes. */
    Path genesis() {
        return folder.resolve("genesis.json");
    }

    /** Stops the first nodes. */
    void stop(int count) {
        for (int i = 0; i < count; i++) {
            nodes.stopNode(i);
        }
    }

    @Override
    public void close() throws IOException {
        nodes.close();
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : all) {
                Files.delete(file);
            }
        }
    }
}
