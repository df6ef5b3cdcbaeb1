package dev.moraine.node.storagenode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.BundleGrant;
import dev.moraine.wire.message.BundleOffer;
import dev.moraine.wire.message.BundleSigned;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.Part;
import dev.moraine.wire.message.SliverData;
import dev.moraine.wire.transport.PeerConnection;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that do not come as they were granted: the bundle is dropped, its memory given back, and nothing is signed. */
class BundleUploadTest {
    private static final int LENGTH_BYTES = 1_000;

    private final Random random = Seed.random("BundleUploadTest");

    @TempDir
    private Path folder;

    private NodeFixture fixture;
    private SampleBlob blob;
    private int pair;

    @BeforeEach
    void open() throws Exception {
        fixture = new NodeFixture(SampleCommittee.OF_FOUR_SHARDS, folder, context -> context.limits(
                new NodeLimits.Context().leastUploadBytesPerSecond(100).conclude()));
        blob = SampleBlob.random(random, fixture.geometry(), LENGTH_BYTES);
        pair = fixture.pairsOf(blob)[0];
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void partsMayInterleaveInPiecesOfAnyLength() {
        Exchange exchange = granted();
        byte[] metadata = blob.metadata().encode();
        byte[] primary = blob.primary(pair);
        byte[] secondary = blob.secondary(pair);
        sendPiece(exchange, Part.SECONDARY, secondary, 0, 1);
        sendPiece(exchange, Part.PRIMARY, primary, 0, primary.length - 1);
        sendPiece(exchange, Part.METADATA, metadata, 0, metadata.length);
        sendPiece(exchange, Part.SECONDARY, secondary, 1, secondary.length - 1);
        assertTrue(exchange.isSilent());
        sendPiece(exchange, Part.PRIMARY, primary, primary.length - 1, 1);

        fixture.assertSigned(fixture.statement(entries()), exchange.await(BundleSigned.class));
    }

    @Test
    void sliversOfLongBlobsComeInManyPieces() {
        SampleBlob large = SampleBlob.random(random, fixture.geometry(), 6_000_000);

        assertEquals(List.of(0), fixture.store(large));
    }

    @Test
    void aGapEndsTheUpload() {
        byte[] primary = blob.primary(pair);
        assertDropped(UploadVerdict.NOT_CONTIGUOUS, exchange -> sendPiece(exchange, Part.PRIMARY, primary, 1, 10));
        assertDropped(UploadVerdict.NOT_CONTIGUOUS, exchange -> {
            sendPiece(exchange, Part.PRIMARY, primary, 0, 10);
            sendPiece(exchange, Part.PRIMARY, primary, 11, 10);
        });
    }

    @Test
    void anOverlapEndsTheUpload() {
        byte[] primary = blob.primary(pair);
        assertDropped(UploadVerdict.NOT_CONTIGUOUS, exchange -> {
            sendPiece(exchange, Part.PRIMARY, primary, 0, 10);
            sendPiece(exchange, Part.PRIMARY, primary, 9, 10);
        });
        assertDropped(UploadVerdict.NOT_CONTIGUOUS, exchange -> {
            sendPiece(exchange, Part.PRIMARY, primary, 0, primary.length);
            sendPiece(exchange, Part.PRIMARY, primary, 0, primary.length);
        });
        byte[] metadata = blob.metadata().encode();
        assertDropped(UploadVerdict.NOT_CONTIGUOUS, exchange -> {
            sendPiece(exchange, Part.METADATA, metadata, 0, metadata.length);
            sendPiece(exchange, Part.METADATA, metadata, 0, metadata.length);
        });
    }

    @Test
    void aPartIsAsLongAsTheGeometrySays() {
        for (Part part : Part.values()) {
            byte[] right = partOf(part);
            for (int length : new int[] {1, right.length - 1, right.length + 1, 2 * right.length}) {
                byte[] wrong = Arrays.copyOf(right, length);
                assertDropped(UploadVerdict.WRONG_TOTAL, exchange -> sendPiece(exchange, part, wrong, 0, length));
            }
        }
    }

    @Test
    void onlyGrantedEntriesAreTaken() {
        SampleBlob stored = SampleBlob.random(random, fixture.geometry(), LENGTH_BYTES);
        fixture.store(stored);
        byte[] metadata = blob.metadata().encode();
        List<BundleEntry> entries = List.of(stored.entry(NodeFixture.EXPIRY), blob.entry(NodeFixture.EXPIRY));
        for (int entry : new int[] {0, 2, 4_095}) {
            Exchange exchange = fixture.offer(entries);
            assertEquals(List.of(1), exchange.await(BundleGrant.class).wantedEntries());
            assertDropped(UploadVerdict.ENTRY_NOT_GRANTED, exchange, () ->
                    fixture.sendPart(exchange, entry, fixture.pairsOf(stored)[0], Part.METADATA, metadata));
        }
    }

    @Test
    void onlyPairsOfTheNodesShardsAreTaken() {
        for (int other = 0; other < 6; other++) {
            int notMine = other;
            if (other != pair) {
                assertDropped(UploadVerdict.PAIR_NOT_HELD, exchange ->
                        fixture.sendPart(exchange, 0, notMine, Part.PRIMARY, blob.primary(pair)));
            }
        }
    }

    @Test
    void bodiesOfNoBundleAreRefused() {
        MemorySegment data = MemorySegment.ofArray(new byte[10]);
        Exchange never = Exchange.start(
                fixture.connection(), id -> new SliverData(id, 0, pair, Part.PRIMARY, 0, 10, data));
        assertEquals(FailureCode.UNEXPECTED_MESSAGE, never.await(Failure.class).code());
        assertEquals(1, fixture.node().counters().count(UploadVerdict.UNKNOWN_REQUEST));

        // Each connection has request ids of its own.
        Exchange granted = granted();
        try (PeerConnection other = fixture.newConnection()) {
            Exchange intruder = Exchange.start(
                    other, id -> new SliverData(id, 0, pair, Part.PRIMARY, 0, blob.primary(pair).length, data));
            assertEquals(FailureCode.UNEXPECTED_MESSAGE, intruder.await(Failure.class).code());
        }
        fixture.sendBody(granted, 0, blob);
        granted.await(BundleSigned.class);
    }

    @Test
    void aRequestIdIsUsedForOneBundleAtATime() {
        Exchange exchange = granted();
        byte[] signature = NodeFixture.WRITER.sign(fixture.statement(entries()).writeRight());
        exchange.send(id -> new BundleOffer(
                id,
                NodeFixture.EPOCH,
                fixture.statement(entries()).bundleRoot().toBytes(),
                NodeFixture.WRITER.publicKey().encode(),
                signature,
                NodeFixture.wireEntries(entries())));

        assertEquals(FailureCode.UNEXPECTED_MESSAGE, exchange.await(Failure.class).code());
    }

    @Test
    void anUploadThatStopsIsDropped() {
        Exchange exchange = granted();
        sendPiece(exchange, Part.PRIMARY, blob.primary(pair), 0, 10);
        NodeFixture.await(() -> fixture.node().counters().count(UploadVerdict.ACCEPT) == 1);
        fixture.clock().advanceSeconds(9.9);
        sendPiece(exchange, Part.PRIMARY, blob.primary(pair), 10, 10);
        NodeFixture.await(() -> fixture.node().counters().count(UploadVerdict.ACCEPT) == 2);
        fixture.clock().advanceSeconds(10);
        assertTrue(exchange.isSilent());
        fixture.clock().advanceSeconds(0.2);

        assertEquals(FailureCode.OVER_LIMIT, exchange.await(Failure.class).code());
        NodeFixture.await(() -> fixture.node().reservedBytes() == 0);
        assertEquals(1, fixture.node().counters().count(UploadVerdict.STALLED));
        fixture.store(blob);
    }

    @Test
    void anUploadThatTricklesIsDropped() {
        // 100 bytes a second is asked for, and ten seconds are given on top.
        long bodyBytes = (long) blob.metadata().encode().length + blob.primary(pair).length + blob.secondary(pair).length;
        double allowedSeconds = 10 + bodyBytes / 100.0;
        Exchange exchange = granted();
        byte[] primary = blob.primary(pair);
        int sent = 0;
        for (double seconds = 0; seconds + 9 < allowedSeconds; seconds += 9) {
            sendPiece(exchange, Part.PRIMARY, primary, sent, 1);
            sent++;
            long expected = sent;
            NodeFixture.await(() -> fixture.node().counters().count(UploadVerdict.ACCEPT) == expected);
            fixture.clock().advanceSeconds(9);
            assertTrue(exchange.isSilent());
        }
        sendPiece(exchange, Part.PRIMARY, primary, sent, 1);
        long all = sent + 1L;
        NodeFixture.await(() -> fixture.node().counters().count(UploadVerdict.ACCEPT) == all);
        fixture.clock().advanceSeconds(9);

        assertEquals(FailureCode.OVER_LIMIT, exchange.await(Failure.class).code());
        NodeFixture.await(() -> fixture.node().reservedBytes() == 0);
    }

    @Test
    void aClosedConnectionGivesItsMemoryBack() {
        Exchange exchange = granted();
        sendPiece(exchange, Part.PRIMARY, blob.primary(pair), 0, 10);
        assertTrue(fixture.node().reservedBytes() > 0);

        fixture.reconnect();

        NodeFixture.await(() -> fixture.node().reservedBytes() == 0);
        NodeFixture.await(() -> fixture.node().counters().count(NodeEvent.BUNDLE_DROPPED) == 1);
        fixture.store(blob);
    }

    @Test
    void aShortUploadIsNeverSigned() {
        Exchange exchange = granted();
        fixture.sendPart(exchange, 0, pair, Part.METADATA, blob.metadata().encode());
        fixture.sendPart(exchange, 0, pair, Part.PRIMARY, blob.primary(pair));
        byte[] secondary = blob.secondary(pair);
        sendPiece(exchange, Part.SECONDARY, secondary, 0, secondary.length - 1);
        NodeFixture.await(() -> fixture.node().counters().count(UploadVerdict.ACCEPT) == 3);

        fixture.store(SampleBlob.random(random, fixture.geometry(), LENGTH_BYTES));

        assertTrue(exchange.isSilent());
        assertEquals(1, fixture.node().counters().count(NodeEvent.BUNDLE_SIGNED));
    }

    private interface Upload {
        void send(Exchange exchange);
    }

    private void assertDropped(UploadVerdict verdict, Upload upload) {
        Exchange exchange = granted();
        assertDropped(verdict, exchange, () -> upload.send(exchange));
    }

    private void assertDropped(UploadVerdict verdict, Exchange exchange, Runnable upload) {
        long before = fixture.node().counters().count(verdict);
        long signedBefore = fixture.node().counters().count(NodeEvent.BUNDLE_SIGNED);
        upload.run();

        Failure failure = exchange.await(Failure.class);
        assertEquals(FailureCode.UNEXPECTED_MESSAGE, failure.code());
        assertTrue(failure.text().endsWith(verdict.name()), failure::text);
        assertEquals(before + 1, fixture.node().counters().count(verdict));
        assertEquals(signedBefore, fixture.node().counters().count(NodeEvent.BUNDLE_SIGNED));
        NodeFixture.await(() -> fixture.node().reservedBytes() == 0);
    }

    private Exchange granted() {
        Exchange exchange = fixture.offer(entries());
        assertEquals(List.of(0), exchange.await(BundleGrant.class).wantedEntries());
        return exchange;
    }

    private List<BundleEntry> entries() {
        return List.of(blob.entry(NodeFixture.EXPIRY));
    }

    private byte[] partOf(Part part) {
        return switch (part) {
            case METADATA -> blob.metadata().encode();
            case PRIMARY -> blob.primary(pair);
            case SECONDARY -> blob.secondary(pair);
        };
    }

    private void sendPiece(Exchange exchange, Part part, byte[] whole, int offset, int lengthBytes) {
        MemorySegment data = MemorySegment.ofArray(whole).asSlice(offset, lengthBytes);
        assertTrue(exchange.send(id -> new SliverData(id, 0, pair, part, offset, whole.length, data)));
    }
}
