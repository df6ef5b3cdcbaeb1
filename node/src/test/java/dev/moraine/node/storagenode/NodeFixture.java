package dev.moraine.node.storagenode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.certificate.BlsSignature;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.InvalidPointException;
import dev.moraine.proofs.certificate.Statement;
import dev.moraine.proofs.certificate.WriterKey;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.wire.message.BundleGrant;
import dev.moraine.wire.message.BundleOffer;
import dev.moraine.wire.message.BundleSigned;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.message.Part;
import dev.moraine.wire.message.SliverData;
import dev.moraine.wire.message.WireEntry;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.Transport;
import dev.moraine.wire.transport.TransportKind;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A node of a committee that really runs, and a gateway that the test plays by hand. */
final class NodeFixture implements AutoCloseable {
    static final long EPOCH = 100;
    static final long EXPIRY = EPOCH + 3;
    static final WriterKey WRITER = WriterKey.generate(new SecureRandom());
    static final int MEMBER = 1;

    private static final long AWAIT_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long POLL_NS = TimeUnit.MICROSECONDS.toNanos(100);

    private final SampleCommittee sample;
    private final Path folder;
    private final UnaryOperator<StorageNode.Context> changes;
    private final TestClock clock;
    private final Transport transport = new Transport(TransportKind.NIO, 2);
    private StorageNode node;
    private PeerConnection connection;

    NodeFixture(SampleCommittee sample, Path folder, UnaryOperator<StorageNode.Context> changes) throws Exception {
        this.sample = sample;
        this.folder = folder;
        this.changes = changes;
        clock = new TestClock(epochStartMs(EPOCH) + 120_000);
        node = StorageNode.open(context());
        connection = connect();
    }

    static NodeFixture of(Path folder) throws Exception {
        return new NodeFixture(SampleCommittee.OF_FOUR_SHARDS, folder, context -> context);
    }

    static long epochStartMs(long epoch) {
        return 1_000 * (SampleCommittee.GENESIS_SECONDS + epoch * SampleCommittee.EPOCH_SECONDS);
    }

    StorageNode.Context context() {
        return changes.apply(new StorageNode.Context()
                .committee(committee())
                .memberIndex(MEMBER)
                .secretKey(sample.keys().get(MEMBER))
                .folder(folder)
                .bindAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .transport(transport)
                .segmentBytes(1 << 20)
                .epochClock(clock)
                .nanoClock(clock)
                .writers(List.of(new WriterGrant(
                        WRITER.publicKey(), Set.of(SampleBlob.NAMESPACE), 1L << 40))));
    }

    private PeerConnection connect() {
        return transport.connect(node.address(), committee().deploymentId().toBytes(), MEMBER);
    }

    Committee committee() {
        return sample.committee();
    }

    Geometry geometry() {
        return committee().geometry();
    }

    StorageNode node() {
        return node;
    }

    TestClock clock() {
        return clock;
    }

    PeerConnection connection() {
        return connection;
    }

    /** A second connection, which the caller closes. */
    PeerConnection newConnection() {
        return connect();
    }

    void reconnect() {
        connection.close();
        connection = connect();
    }

    /** Closes the node and opens another one on the same folder. */
    void restart() throws Exception {
        restart(() -> {});
    }

    /** The same, and something happens to the folder in between. */
    void restart(Runnable whileDown) throws Exception {
        connection.close();
        node.close();
        assertEquals(0, node.reservedBytes());
        whileDown.run();
        node = StorageNode.open(context());
        connection = connect();
    }

    /** The pairs of a blob that the node holds. */
    int[] pairsOf(SampleBlob blob) {
        CommitteeMember member = committee().members().get(MEMBER);
        return new HeldShards(geometry(), member.firstShard(), member.shardCount()).pairsOf(blob.id());
    }

    Statement statement(List<BundleEntry> entries) {
        return new Bundle(entries).statement(committee().deploymentId(), EPOCH);
    }

    /** Offers a bundle as an honest gateway does. */
    Exchange offer(List<BundleEntry> entries) {
        return offer(statement(entries), entries, WRITER.sign(statement(entries).writeRight()));
    }

    Exchange offer(Statement statement, List<BundleEntry> entries, byte[] writerSignature) {
        return Exchange.start(
                connection,
                id -> new BundleOffer(
                        id,
                        statement.epoch(),
                        statement.bundleRoot().toBytes(),
                        WRITER.publicKey().encode(),
                        writerSignature,
                        wireEntries(entries)));
    }

    static List<WireEntry> wireEntries(List<BundleEntry> entries) {
        return entries.stream()
                .map(entry -> new WireEntry(
                        entry.blobId().toBytes(),
                        entry.namespace().value().toBytes(),
                        entry.lengthBytes(),
                        entry.expiryEpoch()))
                .toList();
    }

    /** Sends a whole part, in pieces of the greatest length. */
    void sendPart(Exchange exchange, int entry, int pair, Part part, byte[] bytes) {
        for (int offset = 0; offset < bytes.length; offset += MessageLimits.MAX_SLIVER_DATA_BYTES) {
            int length = Math.min(MessageLimits.MAX_SLIVER_DATA_BYTES, bytes.length - offset);
            MemorySegment data = MemorySegment.ofArray(bytes).asSlice(offset, length);
            long at = offset;
            await(() -> exchange.send(id -> new SliverData(id, entry, pair, part, at, bytes.length, data)));
        }
    }

    /** Sends everything that the node lacks of a blob. */
    void sendBody(Exchange exchange, int entry, SampleBlob blob) {
        int[] pairs = pairsOf(blob);
        sendPart(exchange, entry, pairs[0], Part.METADATA, blob.metadata().encode());
        for (int pair : pairs) {
            sendPart(exchange, entry, pair, Part.PRIMARY, blob.primary(pair));
            sendPart(exchange, entry, pair, Part.SECONDARY, blob.secondary(pair));
        }
    }

    /** Offers blobs, sends what is wanted, and verifies the signature that must come. */
    List<Integer> store(SampleBlob... blobs) {
        List<BundleEntry> entries =
                Arrays.stream(blobs).map(blob -> blob.entry(EXPIRY)).toList();
        Exchange exchange = offer(entries);
        List<Integer> wanted = exchange.await(BundleGrant.class).wantedEntries();
        wanted.forEach(entry -> sendBody(exchange, entry, blobs[entry]));
        assertSigned(statement(entries), exchange.await(BundleSigned.class));
        return wanted;
    }

    void assertSigned(Statement statement, BundleSigned signed) {
        try {
            assertTrue(committee()
                    .members()
                    .get(MEMBER)
                    .publicKey()
                    .verify(statement.encode(), BlsSignature.decode(signed.signature())));
        } catch (InvalidPointException e) {
            throw new AssertionError(e);
        }
    }

    static void await(BooleanSupplier condition) {
        long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNs > AWAIT_NS) {
                throw new AssertionError("it did not become true in time");
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    /** Closes everything, and fails if the node did not give all memory back. */
    @Override
    public void close() {
        connection.close();
        await(() -> node.reservedBytes() == 0);
        node.close();
        transport.close();
    }
}
