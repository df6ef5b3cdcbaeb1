package dev.moraine.node.storagenode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.BundleGrant;
import dev.moraine.wire.message.BundleRefused;
import dev.moraine.wire.message.BundleSigned;
import dev.moraine.wire.message.EntryRefusal;
import dev.moraine.wire.message.Part;
import dev.moraine.wire.message.RefusalReason;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundles whose bodies came whole: what is not exactly the blob that was offered is refused, and nothing is signed. */
class BundleBodyTest {
    private static final int LENGTH_BYTES = 1_000;

    private final Random random = Seed.random("BundleBodyTest");

    @TempDir
    private Path folder;

    private NodeFixture fixture;

    /** What is sent for one blob that the node holds one pair of. */
    @SuppressWarnings("ArrayRecordComponent") // Sent, never compared.
    private record Body(byte[] metadata, byte[] primary, byte[] secondary) {}

    @BeforeEach
    void open() throws Exception {
        fixture = NodeFixture.of(folder);
    }

    @AfterEach
    void theNodeSignsGoodBundlesAfterwardsAndGivesMemoryBack() {
        long signed = fixture.node().counters().count(NodeEvent.BUNDLE_SIGNED);
        fixture.store(blob());
        assertEquals(signed + 1, fixture.node().counters().count(NodeEvent.BUNDLE_SIGNED));
        fixture.close();
    }

    @Test
    void theWholeTruthIsSigned() {
        assertEquals(List.of(0, 1, 2), fixture.store(blob(), blob(), blob()));
    }

    @Test
    void metadataOfAnotherBlobIsRefused() {
        SampleBlob blob = blob();
        Body good = body(blob);

        Body bad = new Body(blob().metadata().encode(), good.primary, good.secondary);

        assertRefused(RefusalReason.BAD_METADATA, blob, bad);
    }

    @Test
    void everyDamagedFieldOfTheMetadataIsFound() {
        SampleBlob blob = blob();
        Body good = body(blob);
        // n, s, L, T, the first and the last root.
        for (int at : new int[] {0, 1, 2, 5, 6, 13, 14, 45, 46, good.metadata.length - 1}) {
            assertRefused(
                    RefusalReason.BAD_METADATA, blob, new Body(flipped(good.metadata, at), good.primary, good.secondary));
        }
    }

    @Test
    void metadataOfAnotherCommitteeIsRefused() throws Exception {
        // A header of seven shards that is right in itself, cut to the length of one of four.
        SampleBlob ofSeven = SampleBlob.random(random, new Geometry(7), LENGTH_BYTES);
        byte[] metadata = Arrays.copyOf(ofSeven.metadata().encode(), BlobMetadata.encodedBytes(fixture.geometry()));
        BundleEntry entry = ofSeven.entry(NodeFixture.EXPIRY);
        Exchange exchange = fixture.offer(List.of(entry));
        exchange.await(BundleGrant.class);
        int pair = fixture.pairsOf(ofSeven)[0];
        Body other = body(blob());

        send(exchange, 0, pair, new Body(metadata, other.primary, other.secondary));

        assertEquals(List.of(new EntryRefusal(0, RefusalReason.BAD_METADATA)), refusals(exchange));
    }

    @Test
    void theOfferedLengthIsThatOfTheHeader() {
        SampleBlob blob = blob();
        BundleEntry shorter =
                new BundleEntry(blob.id(), SampleBlob.NAMESPACE, LENGTH_BYTES - 1, NodeFixture.EXPIRY);

        assertRefused(RefusalReason.WRONG_LENGTH, shorter, fixture.pairsOf(blob)[0], body(blob));
    }

    @Test
    void theOfferedLengthIsThatOfTheStoredBlob() {
        SampleBlob blob = blob();
        fixture.store(blob);
        BundleEntry shorter =
                new BundleEntry(blob.id(), SampleBlob.NAMESPACE, LENGTH_BYTES - 1, NodeFixture.EXPIRY);

        Exchange exchange = fixture.offer(List.of(shorter));

        assertEquals(List.of(new EntryRefusal(0, RefusalReason.WRONG_LENGTH)), refusals(exchange));
    }

    @Test
    void everyDamagedByteOfASliverIsFound() {
        SampleBlob blob = blob();
        Body good = body(blob);
        for (int at : places(good.primary.length)) {
            assertRefused(
                    RefusalReason.WRONG_PRIMARY, blob, new Body(good.metadata, flipped(good.primary, at), good.secondary));
        }
        for (int at : places(good.secondary.length)) {
            Body bad = new Body(good.metadata, good.primary, flipped(good.secondary, at));
            assertRefused(RefusalReason.WRONG_SECONDARY, blob, bad);
        }
    }

    private int[] places(int lengthBytes) {
        return new int[] {0, random.nextInt(lengthBytes), lengthBytes - 1};
    }

    @Test
    void sliversOfAnotherPairAreRefused() {
        SampleBlob blob = blob();
        int other = (fixture.pairsOf(blob)[0] + 1) % fixture.geometry().shards();
        Body good = body(blob);

        assertRefused(RefusalReason.WRONG_PRIMARY, blob, new Body(good.metadata, blob.primary(other), good.secondary));
        assertRefused(RefusalReason.WRONG_SECONDARY, blob, new Body(good.metadata, good.primary, blob.secondary(other)));
    }

    @Test
    void rightSliversUnderForeignRootsAreRefused() {
        // All rows are promised to be those of another blob; its columns are the true ones.
        SampleBlob blob = blob();
        SampleBlob foreignRows = SampleBlob.of(
                fixture.geometry(), LENGTH_BYTES, blob().rowMatrix(), blob.columnMatrix());
        int pair = fixture.pairsOf(foreignRows)[0];

        Body right = new Body(foreignRows.metadata().encode(), blob.primary(pair), blob.secondary(pair));

        assertRefused(RefusalReason.WRONG_PRIMARY, foreignRows, right);
    }

    @Test
    void rowsOfOneBlobAndColumnsOfAnotherAreRefused() {
        SampleBlob mixed = SampleBlob.of(
                fixture.geometry(), LENGTH_BYTES, blob().rowMatrix(), blob().columnMatrix());

        assertRefused(RefusalReason.WRONG_CROSSING, mixed, body(mixed));
    }

    @Test
    void rowsAndColumnsOfDifferentPairsOfOneNodeMustAgreeToo(@TempDir Path other) throws Exception {
        try (NodeFixture two = new NodeFixture(SampleCommittee.OF_SEVEN_SHARDS, other, context -> context)) {
            SampleBlob inconsistent = withWrongColumnZero(two.geometry());
            while (!holdsColumnZero(two.pairsOf(inconsistent))) {
                inconsistent = withWrongColumnZero(two.geometry());
            }
            List<BundleEntry> entries = List.of(inconsistent.entry(NodeFixture.EXPIRY));
            Exchange exchange = two.offer(entries);
            exchange.await(BundleGrant.class);
            two.sendBody(exchange, 0, inconsistent);

            assertEquals(List.of(new EntryRefusal(0, RefusalReason.WRONG_CROSSING)), refusals(exchange));
            two.store(SampleBlob.random(random, two.geometry(), LENGTH_BYTES));
        }
    }

    /** A blob whose rows are right, and whose column 0 is a codeword that agrees with rows 0 and 2 and with no other. */
    private SampleBlob withWrongColumnZero(Geometry geometry) {
        SampleBlob honest = SampleBlob.random(random, geometry, LENGTH_BYTES);
        int symbolSizeBytes = honest.header().symbolSizeBytes();
        byte[] column = new byte[Math.toIntExact(geometry.lineBytes(symbolSizeBytes))];
        System.arraycopy(honest.secondary(0), 0, column, 0, honest.secondary(0).length);
        column[symbolSizeBytes] ^= 1;
        new BlobMatrix(geometry, symbolSizeBytes).extendColumn(MemorySegment.ofArray(column));
        byte[] columns = honest.columnMatrix().clone();
        int lineBytes = column.length;
        for (int row = 0; row < geometry.shards(); row++) {
            System.arraycopy(column, row * symbolSizeBytes, columns, row * lineBytes, symbolSizeBytes);
        }
        return SampleBlob.of(geometry, LENGTH_BYTES, honest.rowMatrix(), columns);
    }

    private static boolean holdsColumnZero(int[] pairs) {
        // The other pair is then 1 or 6, whose row disagrees: the damage of row 1 leaves only rows 0 and 2 alone.
        return Arrays.stream(pairs).anyMatch(pair -> pair == 0);
    }

    @Test
    void aNodeOfSeveralShardsStoresAllItsPairs(@TempDir Path other) throws Exception {
        try (NodeFixture two = new NodeFixture(SampleCommittee.OF_SEVEN_SHARDS, other, context -> context)) {
            two.store(
                    SampleBlob.random(random, two.geometry(), LENGTH_BYTES),
                    SampleBlob.random(random, two.geometry(), 100_000));
            assertEquals(4, two.node().storeHealth().pairs());
        }
    }

    @Test
    void refusedEntriesAreNamedAndGoodOnesNeedNoBodyAgain() {
        SampleBlob first = blob();
        SampleBlob second = blob();
        SampleBlob third = blob();
        List<BundleEntry> entries = entries(first, second, third);
        Exchange exchange = fixture.offer(entries);
        exchange.await(BundleGrant.class);
        Body bad = body(first);
        send(exchange, 0, fixture.pairsOf(first)[0], new Body(bad.metadata, flipped(bad.primary, 0), bad.secondary));
        fixture.sendBody(exchange, 1, second);
        Body worse = body(third);
        send(exchange, 2, fixture.pairsOf(third)[0], new Body(worse.metadata, worse.primary, flipped(worse.secondary, 0)));

        assertEquals(
                List.of(
                        new EntryRefusal(0, RefusalReason.WRONG_PRIMARY),
                        new EntryRefusal(2, RefusalReason.WRONG_SECONDARY)),
                refusals(exchange));
        assertEquals(0, fixture.node().counters().count(NodeEvent.BUNDLE_SIGNED));
        assertEquals(List.of(0), fixture.store(third, second));
        assertEquals(List.of(), fixture.store(second));
    }

    @Test
    void whatIsStoredIsNotAskedForAgainAndIsSignedAtOnce() {
        SampleBlob blob = blob();
        assertEquals(List.of(0), fixture.store(blob));

        assertEquals(List.of(), fixture.store(blob));
        assertEquals(List.of(0), fixture.store(blob(), blob));
        assertEquals(2, fixture.node().storeHealth().pairs());
    }

    @Test
    void twoBundlesMayBringTheSameBlobAtTheSameTime() {
        SampleBlob blob = blob();
        Exchange first = fixture.offer(entries(blob));
        Exchange second = fixture.offer(entries(blob));
        assertEquals(List.of(0), first.await(BundleGrant.class).wantedEntries());
        assertEquals(List.of(0), second.await(BundleGrant.class).wantedEntries());

        fixture.sendBody(second, 0, blob);
        fixture.assertSigned(fixture.statement(entries(blob)), second.await(BundleSigned.class));
        fixture.sendBody(first, 0, blob);
        fixture.assertSigned(fixture.statement(entries(blob)), first.await(BundleSigned.class));
        assertEquals(1, fixture.node().storeHealth().pairs());
    }

    private void assertRefused(RefusalReason reason, SampleBlob blob, Body body) {
        assertRefused(reason, blob.entry(NodeFixture.EXPIRY), fixture.pairsOf(blob)[0], body);
    }

    private void assertRefused(RefusalReason reason, BundleEntry entry, int pair, Body body) {
        NodeCounters counters = fixture.node().counters();
        long signedBefore = counters.count(NodeEvent.BUNDLE_SIGNED);
        long refusedBefore = counters.count(reason);
        Exchange exchange = fixture.offer(List.of(entry));
        exchange.await(BundleGrant.class);
        send(exchange, 0, pair, body);

        assertEquals(List.of(new EntryRefusal(0, reason)), refusals(exchange));
        assertEquals(signedBefore, counters.count(NodeEvent.BUNDLE_SIGNED));
        assertEquals(refusedBefore + 1, counters.count(reason));
        NodeFixture.await(() -> fixture.node().reservedBytes() == 0);
    }

    private void send(Exchange exchange, int entry, int pair, Body body) {
        fixture.sendPart(exchange, entry, pair, Part.METADATA, body.metadata);
        fixture.sendPart(exchange, entry, pair, Part.PRIMARY, body.primary);
        fixture.sendPart(exchange, entry, pair, Part.SECONDARY, body.secondary);
    }

    private static List<EntryRefusal> refusals(Exchange exchange) {
        return exchange.await(BundleRefused.class).refusals();
    }

    private SampleBlob blob() {
        return SampleBlob.random(random, fixture.geometry(), LENGTH_BYTES);
    }

    private Body body(SampleBlob blob) {
        int pair = fixture.pairsOf(blob)[0];
        return new Body(blob.metadata().encode(), blob.primary(pair), blob.secondary(pair));
    }

    private static List<BundleEntry> entries(SampleBlob... blobs) {
        List<BundleEntry> entries = new ArrayList<>();
        for (SampleBlob blob : blobs) {
            entries.add(blob.entry(NodeFixture.EXPIRY));
        }
        return entries;
    }

    private static byte[] flipped(byte[] bytes, int at) {
        byte[] changed = bytes.clone();
        changed[at] ^= 1;
        return changed;
    }
}
