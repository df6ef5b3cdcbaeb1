package dev.moraine.storage.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerklePath;
import dev.moraine.proofs.merkle.MerkleTree;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.storage.store.StoreException.Reason;
import dev.moraine.testing.Seed;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SliverStoreTest {
    private static final long SEGMENT_BYTES = 64 << 10;

    private final Random random = Seed.random("SliverStoreTest");

    @TempDir
    private Path temporary;

    private StoreContext context() {
        return new StoreContext()
                .folder(temporary.resolve("store"))
                .deploymentId(SampleBlob.DEPLOYMENT)
                .segmentBytes(SEGMENT_BYTES);
    }

    private List<SampleBlob> blobs(int count) {
        return Stream.generate(() -> SampleBlob.random(random, 1 + random.nextInt(20_000))).limit(count).toList();
    }

    private long segmentFiles() throws IOException {
        try (Stream<Path> files = Files.list(temporary.resolve("store"))) {
            return files.filter(file -> file.toString().endsWith(".segment")).count();
        }
    }

    @Test
    void whatIsAppendedIsServedAtOnceAndAfterReopening() throws StoreException {
        List<SampleBlob> blobs = blobs(20);
        try (SliverStore store = SliverStore.open(context())) {
            for (SampleBlob blob : blobs) {
                store.appendPair(blob.pair(1));
                store.appendPair(blob.pair(3));
                blob.assertServed(store, 1);
            }
            store.force();
            assertEquals(40, store.health().pairs());
        }
        try (SliverStore store = SliverStore.open(context())) {
            for (SampleBlob blob : blobs) {
                blob.assertServed(store, 1);
                blob.assertServed(store, 3);
                assertEquals(blob.commitment().metadata(), store.metadata(blob.id()));
                assertTrue(store.hasPair(blob.id(), 3));
                assertFalse(store.hasPair(blob.id(), 0));
                assertInstanceOf(PairLookup.NotHeld.class, store.find(blob.id(), 0));
            }
            assertEquals(40, store.health().pairs());
            assertEquals(0, store.health().quarantined());
            assertEquals(0, store.recovery().tornRecords());
        }
    }

    @Test
    void whatIsHeldIsNotWrittenTwice() throws StoreException {
        SampleBlob blob = SampleBlob.random(random, 3_000);
        List<BundleEntry> entries = List.of(blob.entry(9));
        byte[] certificate = SampleBlob.certificate(2, entries);
        for (int opening = 0; opening < 3; opening++) {
            try (SliverStore store = SliverStore.open(context())) {
                store.appendPair(blob.pair(2));
                store.appendRetention(blob.id(), 7);
                store.appendCertificate(certificate, entries);
                long bytes = store.health().bytes();
                store.appendPair(blob.pair(2));
                store.appendRetention(blob.id(), 7);
                store.appendRetention(blob.id(), 6);
                store.appendCertificate(certificate, entries);
                assertEquals(bytes, store.health().bytes());
                assertEquals(4, store.recovery().records() + (opening == 0 ? 4 : 0));
            }
        }
    }

    @Test
    void metadataIsStoredOnceForAllPairsOfABlob() throws StoreException {
        SampleBlob blob = SampleBlob.random(random, 3_000);
        try (SliverStore store = SliverStore.open(context())) {
            store.appendPair(blob.pair(0));
            long withMetadata = store.health().bytes();
            store.appendPair(blob.pair(1));
            long pairBytes = store.health().bytes() - withMetadata;
            assertTrue(pairBytes < withMetadata);
            store.appendPair(blob.pair(2));
            assertEquals(withMetadata + 2 * pairBytes, store.health().bytes());
        }
    }

    @Test
    void sliversThatWereStoredApartAreServedApartAndTogether() throws StoreException {
        SampleBlob blob = SampleBlob.random(random, 3_000);
        for (Axis first : Axis.values()) {
            Axis second = first == Axis.ROW ? Axis.COLUMN : Axis.ROW;
            int pair = first == Axis.ROW ? 0 : 1;
            try (SliverStore store = SliverStore.open(context())) {
                store.appendSliver(blob.pair(pair).sliver(first));
                assertInstanceOf(PairLookup.NotHeld.class, store.find(blob.id(), pair));
                assertInstanceOf(PairLookup.NotHeld.class, store.findSliver(blob.id(), pair, second));
                assertFalse(store.hasPair(blob.id(), pair));
            }
            try (SliverStore store = SliverStore.open(context())) {
                assertHasOnly(store, blob, pair, first);
                long bytes = store.health().bytes();
                store.appendSliver(blob.pair(pair).sliver(first));
                assertEquals(bytes, store.health().bytes(), "held already");
                if (pair == 0) {
                    store.appendSliver(blob.pair(pair).sliver(second));
                } else {
                    store.appendPair(blob.pair(pair));
                }
                assertTrue(store.health().bytes() < bytes + blob.pair(pair).content().layout().lengthBytes());
                blob.assertServed(store, pair);
            }
            try (SliverStore store = SliverStore.open(context())) {
                blob.assertServed(store, pair);
                assertEquals(pair + 1, store.health().pairs());
            }
        }
    }

    private static void assertHasOnly(SliverStore store, SampleBlob blob, int pairIndex, Axis axis) {
        PairLookup lookup = store.findSliver(blob.id(), pairIndex, axis);
        try (StoredPair pair = assertInstanceOf(PairLookup.Found.class, lookup).pair()) {
            assertTrue(pair.has(axis));
            boolean isRow = axis == Axis.ROW;
            MemorySegment expected = isRow ? blob.pair(pairIndex).primary() : blob.pair(pairIndex).secondary();
            assertEquals(-1, expected.mismatch(isRow ? pair.primary() : pair.secondary()));
            assertThrows(IllegalStateException.class, isRow ? pair::secondary : pair::primary);
        }
    }

    @Test
    void pathsComeOutOfTheStoreAsTheyWereCommitted() throws StoreException {
        SampleBlob blob = SampleBlob.random(random, 3_000);
        try (SliverStore store = SliverStore.open(context())) {
            store.appendPair(blob.pair(2));
            PairLookup lookup = store.find(blob.id(), 2);
            try (StoredPair pair = assertInstanceOf(PairLookup.Found.class, lookup).pair()) {
                MerkleTree row = MerkleTree.ofLeafHashes(blob.commitment().rowSymbolRoots(2));
                MerkleTree column = MerkleTree.ofLeafHashes(blob.commitment().columnSymbolRoots(2));
                for (int i = 0; i < 4; i++) {
                    assertArrayEquals(row.path(i), pair.linePath(Axis.ROW, i));
                    assertArrayEquals(column.path(i), pair.linePath(Axis.COLUMN, i));
                }
                assertEquals(row.root(), pair.lineRoot(Axis.ROW));
                assertEquals(column.root(), pair.lineRoot(Axis.COLUMN));
                assertArrayEquals(blob.commitment().metadata().blobPath(2), pair.blobPath());
                assertEquals(blob.commitment().metadata().header(), pair.header());
            }
        }
    }

    @Test
    void aBundleTakesNoMoreThanItsSliversAndTheStatedOverhead() throws StoreException {
        for (int count : new int[] {1, 7}) {
            List<SampleBlob> blobs = blobs(count);
            try (SliverStore store = SliverStore.open(context())) {
                long before = store.health().bytes();
                long slivers = 0;
                List<PairRecord> pairs = new ArrayList<>();
                for (SampleBlob blob : blobs) {
                    for (int pair = 0; pair < 2; pair++) {
                        pairs.add(blob.pair(pair));
                        slivers += blob.pair(pair).primary().byteSize() + blob.pair(pair).secondary().byteSize();
                    }
                }
                store.appendBundle(new BundleRecord(
                        pairs,
                        blobs.stream()
                                .map(blob -> new BundleRecord.Retention(blob.id(), 5))
                                .toList()));
                long overhead = BundleRecord.overheadBytes(new Geometry(4), count, 2);
                long taken = store.health().bytes() - before;
                assertTrue(taken <= slivers + overhead, taken + " of " + (slivers + overhead));
                assertTrue(taken > slivers + overhead / 2);
            }
        }
    }

    @Test
    void aBundleGoesIntoOneSegment() throws StoreException {
        List<SampleBlob> blobs = blobs(40);
        try (SliverStore store = SliverStore.open(context())) {
            store.appendBundle(new BundleRecord(
                    blobs.stream().map(blob -> blob.pair(0)).toList(),
                    blobs.stream().map(blob -> new BundleRecord.Retention(blob.id(), 5)).toList()));
            store.force();
            assertEquals(1, store.health().segments());
            assertTrue(store.health().bytes() > SEGMENT_BYTES);
        }
        try (SliverStore store = SliverStore.open(context())) {
            for (SampleBlob blob : blobs) {
                blob.assertServed(store, 0);
                assertEquals(5, store.expiryEpoch(blob.id()));
            }
        }
    }

    @Test
    void theCertificateOfEveryBlobOfABundleLeadsToTheSignedRoot() throws Exception {
        List<SampleBlob> blobs = blobs(13);
        List<BundleEntry> entries = blobs.stream().map(blob -> blob.entry(9)).toList();
        byte[] certificate = SampleBlob.certificate(2, entries);
        try (SliverStore store = SliverStore.open(context())) {
            assertNull(store.certificate(blobs.getFirst().id()));
            store.appendCertificate(certificate, entries);
            store.force();
        }
        try (SliverStore store = SliverStore.open(context())) {
            assertEquals(1, store.health().certificates());
            Certificate expected = Certificate.decode(certificate, SampleBlob.MEMBERS);
            for (int i = 0; i < blobs.size(); i++) {
                BlobCertificate found = Objects.requireNonNull(store.certificate(blobs.get(i).id()));
                assertEquals(expected, found.certificate());
                assertArrayEquals(certificate, found.certificate().encode());
                assertEquals(entries.get(i), found.entry());
                assertEquals(i, found.index());
                Digest root = MerklePath.rootFrom(
                        MerkleTree.leafHash(found.entry().encode()), i, entries.size(), found.path());
                assertEquals(expected.statement().bundleRoot(), root);
            }
        }
    }

    @Test
    void aCertificateOfOtherEntriesIsRefused() throws StoreException {
        List<SampleBlob> blobs = blobs(3);
        List<BundleEntry> entries = blobs.stream().map(blob -> blob.entry(9)).toList();
        byte[] certificate = SampleBlob.certificate(2, entries);
        try (SliverStore store = SliverStore.open(context())) {
            assertThrows(
                    IllegalArgumentException.class, () -> store.appendCertificate(certificate, entries.subList(0, 2)));
            assertThrows(
                    IllegalArgumentException.class, () -> store.appendCertificate(certificate, entries.reversed()));
            assertThrows(IllegalArgumentException.class, () -> store.appendCertificate(new byte[188], entries));
            assertThrows(IllegalArgumentException.class, () -> store.appendCertificate(new byte[189], entries));
            assertEquals(0, store.health().certificates());
        }
    }

    @Test
    void theLongestCertificateOfTheLargestBundleIsKeptAndNoLongerOne() throws Exception {
        BundleEntry like = SampleBlob.random(random, 100).entry(9);
        List<BundleEntry> entries = LongStream.range(0, Bundle.MAX_ENTRIES)
                .mapToObj(i -> new BundleEntry(new BlobId(new Digest(i, 0, 0, 0)), like.namespace(), 1, 9))
                .toList();
        byte[] certificate = SampleBlob.certificate(2, entries, Geometry.MAX_SHARDS);
        byte[] tooLong = SampleBlob.certificate(3, entries, Geometry.MAX_SHARDS + 1);
        try (SliverStore store = SliverStore.open(context())) {
            assertThrows(IllegalArgumentException.class, () -> store.appendCertificate(tooLong, entries));
            store.appendCertificate(certificate, entries);
        }
        try (SliverStore store = SliverStore.open(context())) {
            for (int i : new int[] {0, 1_000, Bundle.MAX_ENTRIES - 1}) {
                BlobCertificate found = Objects.requireNonNull(
                        store.certificate(entries.get(i).blobId()));
                assertArrayEquals(certificate, found.certificate().encode());
                assertEquals(entries.get(i), found.entry());
            }
            assertEquals(1, store.health().certificates());
        }
    }

    @Test
    void theLatestExpiryCounts() throws StoreException {
        SampleBlob blob = SampleBlob.random(random, 100);
        try (SliverStore store = SliverStore.open(context())) {
            assertEquals(SliverStore.NO_EXPIRY, store.expiryEpoch(blob.id()));
            store.appendRetention(blob.id(), 5);
            store.appendRetention(blob.id(), 0);
            assertEquals(5, store.expiryEpoch(blob.id()));
            store.appendRetention(blob.id(), 11);
            for (long expiry : new long[] {20, 30, 25}) {
                List<BundleEntry> entries = List.of(blob.entry(expiry));
                store.appendCertificate(SampleBlob.certificate(expiry, entries), entries);
            }
            assertEquals(30, store.expiryEpoch(blob.id()));
            assertThrows(IllegalArgumentException.class, () -> store.appendRetention(blob.id(), -1));
        }
        try (SliverStore store = SliverStore.open(context())) {
            assertEquals(30, store.expiryEpoch(blob.id()));
            assertEquals(30, Objects.requireNonNull(store.certificate(blob.id())).entry().expiryEpoch());
            assertEquals(3, store.health().certificates());
        }
    }

    @Test
    void aRecordLongerThanASegmentGetsOneOfItsOwn() throws StoreException, IOException {
        SampleBlob small = SampleBlob.random(random, 100);
        SampleBlob large = SampleBlob.random(random, 1 << 20);
        SampleBlob after = SampleBlob.random(random, 20_000);
        try (SliverStore store = SliverStore.open(context())) {
            for (SampleBlob blob : List.of(small, large, after)) {
                store.appendPair(blob.pair(0));
            }
            store.force();
            assertEquals(3, store.health().segments());
        }
        assertEquals(3, segmentFiles());
        try (SliverStore store = SliverStore.open(context())) {
            for (SampleBlob blob : List.of(small, large, after)) {
                blob.assertServed(store, 0);
            }
        }
    }

    @Test
    void aStoreOpensWithoutASegmentThatWasDeleted() throws StoreException, IOException {
        List<SampleBlob> blobs = blobs(60);
        try (SliverStore store = SliverStore.open(context())) {
            for (SampleBlob blob : blobs) {
                store.appendPair(blob.pair(0));
            }
            store.force();
            assertTrue(store.health().segments() > 3);
        }
        Files.delete(temporary.resolve("store").resolve(String.format("%016x.segment", 2)));
        List<SampleBlob> added = blobs(5);
        try (SliverStore store = SliverStore.open(context())) {
            long left = blobs.stream().filter(blob -> store.hasPair(blob.id(), 0)).count();
            assertTrue(left > 0 && left < blobs.size());
            assertEquals(left, store.health().pairs());
            for (SampleBlob blob : added) {
                store.appendPair(blob.pair(0));
            }
        }
        try (SliverStore store = SliverStore.open(context())) {
            for (SampleBlob blob : added) {
                blob.assertServed(store, 0);
            }
        }
    }

    @Test
    void openingAHundredTimesMakesNoFileAndNothingLonger() throws StoreException, IOException {
        SampleBlob blob = SampleBlob.random(random, 2_000);
        for (int i = 0; i < 100; i++) {
            try (SliverStore store = SliverStore.open(context())) {
                store.appendPair(blob.pair(1));
                blob.assertServed(store, 1);
            }
            assertEquals(1, segmentFiles());
            assertEquals(SEGMENT_BYTES, Files.size(temporary.resolve("store/0000000000000001.segment")));
        }
    }

    @Test
    void openingWithoutAppendingMakesNoFile() throws StoreException, IOException {
        for (int i = 0; i < 10; i++) {
            SliverStore.open(context()).close();
        }
        assertEquals(0, segmentFiles());
    }

    @Test
    void whoOpensAFolderTwiceIsToldSo() throws StoreException {
        try (SliverStore store = SliverStore.open(context())) {
            for (int i = 0; i < 3; i++) {
                StoreException refused = assertThrows(StoreException.class, () -> SliverStore.open(context()));
                assertEquals(Reason.FOLDER_IN_USE, refused.reason());
                assertTrue(refused.toString().contains(temporary.resolve("store").toString()));
            }
            assertEquals(0, store.health().pairs());
        }
        SliverStore.open(context()).close();
    }

    @Test
    void nobodyElseMayEnterTheFolder() throws StoreException, IOException {
        Path folder = temporary.resolve("store");
        Files.createDirectory(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        SampleBlob blob = SampleBlob.random(random, 100);
        try (SliverStore store = SliverStore.open(context())) {
            store.appendPair(blob.pair(0));
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(folder.resolve("0000000000000001.segment"))));
        }
    }

    @Test
    void aStoreOfAnotherDeploymentIsRefused() throws StoreException {
        try (SliverStore store = SliverStore.open(context())) {
            store.appendPair(SampleBlob.random(random, 100).pair(0));
        }
        Digest other = new Digest(9, 9, 9, 9);
        StoreException refused =
                assertThrows(StoreException.class, () -> SliverStore.open(context().deploymentId(other)));
        assertEquals(Reason.FOREIGN_DEPLOYMENT, refused.reason());
        assertTrue(refused.toString().contains("0000000000000001.segment"));
        assertTrue(refused.toString().contains(SampleBlob.DEPLOYMENT.toString()));
        assertTrue(refused.toString().contains(other.toString()));
    }

    @Test
    void aPairStaysValidUntilItIsReleasedAndNoLonger() throws StoreException {
        SampleBlob blob = SampleBlob.random(random, 5_000);
        StoredPair pair;
        try (SliverStore store = SliverStore.open(context())) {
            store.appendPair(blob.pair(0));
            pair = assertInstanceOf(PairLookup.Found.class, store.find(blob.id(), 0)).pair();
        }
        blob.assertIsPair(pair, 0);
        MemorySegment primary = pair.primary();
        pair.release();
        assertThrows(IllegalStateException.class, () -> primary.get(ValueLayout.JAVA_BYTE, 0));
        assertThrows(IllegalStateException.class, pair::release);
    }

    @Test
    void aClosedStoreRefusesEverything() throws StoreException {
        SampleBlob blob = SampleBlob.random(random, 100);
        SliverStore store = SliverStore.open(context());
        store.appendPair(blob.pair(0));
        store.close();
        store.close();
        assertThrows(IllegalStateException.class, () -> store.find(blob.id(), 0));
        assertThrows(IllegalStateException.class, () -> store.metadata(blob.id()));
        assertThrows(IllegalStateException.class, () -> store.certificate(blob.id()));
        assertThrows(IllegalStateException.class, () -> store.appendPair(blob.pair(1)));
        assertThrows(IllegalStateException.class, store::force);
        assertEquals(0, store.health().quarantined());
    }

    @Test
    void settingsOutsideTheirLimitsAreRefused() {
        List<Long> refused = new ArrayList<>(List.of(0L, -1L, (16L << 10) - 4096, (16L << 10) + 1));
        refused.add((64L << 30) + 4096);
        for (long segmentBytes : refused) {
            IllegalArgumentException e = assertThrows(
                    IllegalArgumentException.class, () -> context().segmentBytes(segmentBytes).conclude());
            assertTrue(e.toString().contains("segmentBytes") && e.toString().contains("" + segmentBytes));
        }
        context().segmentBytes(16L << 10).conclude();
        context().segmentBytes(64L << 30).conclude();
        StoreContext empty = new StoreContext();
        assertThrows(IllegalArgumentException.class, empty::conclude);
        StoreContext concluded = context().conclude();
        assertThrows(IllegalStateException.class, concluded::conclude);
    }
}
