package dev.moraine.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.certificate.InvalidEncodingException;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.testing.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateLogTest {
    private static final long FAR_EXPIRY = 1_000;
    private static final Set<Namespace> ALL = Set.of();

    private final Random random = Seed.random("CertificateLogTest");

    @TempDir
    private Path temporary;

    private SliverStore open() throws StoreException {
        return SliverStore.open(new StoreContext()
                .folder(temporary.resolve("store"))
                .deploymentId(SampleBlob.DEPLOYMENT)
                .reserveBytes(0)
                .segmentBytes(64 << 10));
    }

    private static Namespace namespace(int number) {
        return new Namespace(new Digest(number, 0, 0, 0));
    }

    /** The entries of a bundle of blobs that nobody has, one for each namespace. */
    private List<BundleEntry> entries(long expiryEpoch, int... namespaces) {
        List<BundleEntry> entries = new ArrayList<>();
        for (int namespace : namespaces) {
            BlobId id = new BlobId(Digest.of(Seed.bytes(random, Digest.BYTES)));
            entries.add(new BundleEntry(id, namespace(namespace), 1 + random.nextInt(1_000), expiryEpoch));
        }
        return entries;
    }

    private static void append(SliverStore store, List<BundleEntry> entries) throws StoreException {
        store.appendCertificate(SampleBlob.certificate(2, entries), entries);
    }

    /** Follows the log to its end in batches of random sizes. */
    private List<BundleEntry> follow(CertificateLog log, long from, Set<Namespace> namespaces) {
        List<BundleEntry> seen = new ArrayList<>();
        long cursor = from;
        while (cursor < log.end()) {
            int most = 1 + random.nextInt(7);
            CertificateLog.Batch batch = log.read(cursor, namespaces, most);
            assertTrue(batch.certificates().size() <= most);
            assertTrue(batch.nextCursor() > cursor, "a batch moves on");
            batch.certificates().forEach(one -> seen.add(one.entry()));
            cursor = batch.nextCursor();
        }
        return seen;
    }

    @Test
    void certificatesComeInTheOrderInWhichTheyWereKeptWithTheirPaths() throws StoreException {
        List<BundleEntry> kept = new ArrayList<>();
        try (SliverStore store = open()) {
            CertificateLog log = store.certificates();
            for (int i = 0; i < 30; i++) {
                List<BundleEntry> entries = entries(FAR_EXPIRY, i % 3, i % 5, 7);
                append(store, entries);
                store.force();
                kept.addAll(entries);
            }
            assertEquals(kept, follow(log, 0, ALL));
            Bundle first = new Bundle(kept.subList(0, 3));
            for (BlobCertificate one : log.read(0, ALL, 3).certificates()) {
                assertEquals(first.root(), one.certificate().statement().bundleRoot());
                assertEquals(first.entries().get(one.index()), one.entry());
            }
            for (int wanted = 0; wanted < 9; wanted++) {
                Namespace namespace = namespace(wanted);
                assertEquals(
                        kept.stream().filter(entry -> entry.namespace().equals(namespace)).toList(),
                        follow(log, 0, Set.of(namespace)));
            }
        }
    }

    @Test
    void nothingIsShownBeforeItSurvivesAPowerCut() throws StoreException {
        try (SliverStore store = open()) {
            append(store, entries(FAR_EXPIRY, 1));
            assertEquals(0, store.certificates().end());
            assertEquals(List.of(), store.certificates().read(0, ALL, 9).certificates());
            store.force();
            assertEquals(Bundle.MAX_ENTRIES, store.certificates().end());
            assertEquals(1, store.certificates().read(0, ALL, 9).certificates().size());
        }
    }

    @Test
    void cursorsKeepTheirMeaningOverRestarts() throws StoreException {
        List<BundleEntry> kept = new ArrayList<>();
        long feedId = 0;
        long cursor = 0;
        List<BundleEntry> seen = new ArrayList<>();
        for (int life = 0; life < 6; life++) {
            try (SliverStore store = open()) {
                assertEquals(life == 0 ? store.certificates().feedId() : feedId, store.certificates().feedId());
                feedId = store.certificates().feedId();
                seen.addAll(follow(store.certificates(), cursor, ALL));
                cursor = store.certificates().end();
                for (int i = 0; i < 5; i++) {
                    List<BundleEntry> entries = entries(FAR_EXPIRY, i, life);
                    append(store, entries);
                    kept.addAll(entries);
                }
                store.force();
            }
        }
        try (SliverStore store = open()) {
            seen.addAll(follow(store.certificates(), cursor, ALL));
            assertEquals(kept, seen);
        }
    }

    @Test
    void compactionMovesCertificatesWithoutTheirNumbers() throws StoreException {
        List<BundleEntry> kept = new ArrayList<>();
        long[] epoch = {10};
        long[] nowNs = {0};
        try (SliverStore store = open()) {
            for (int i = 0; i < 60; i++) {
                SampleBlob blob = SampleBlob.random(random, 6_000);
                store.appendBundle(new BundleRecord(
                        List.of(blob.pair(0)), List.of(new BundleRecord.Retention(blob.id(), 10))));
                List<BundleEntry> entries = entries(i % 4 == 0 ? FAR_EXPIRY : 10, i % 2, 2);
                append(store, entries);
                if (i % 4 == 0) {
                    kept.addAll(entries);
                }
            }
            store.force();
            CertificateLog log = store.certificates();
            long feedId = log.feedId();
            CertificateLog.Batch half = log.read(0, ALL, 60);
            int segments = store.health().segments();
            epoch[0] = 12;
            StoreUpkeepAgent agent = store.newUpkeepAgent(() -> epoch[0], () -> nowNs[0]);
            for (int i = 0; i < 600; i++) {
                nowNs[0] += 50_000_000;
                agent.doWork();
                store.compact(() -> nowNs[0]);
            }
            assertTrue(store.health().segments() < segments, "something was compacted");
            assertTrue(follow(log, 0, ALL).containsAll(kept));
            List<BundleEntry> afterHalf = follow(log, half.nextCursor(), ALL);
            assertTrue(afterHalf.containsAll(kept.stream()
                    .filter(entry -> half.certificates().stream()
                            .noneMatch(one -> one.entry().equals(entry)))
                    .toList()));
            assertEquals(feedId, log.feedId());
        }
        try (SliverStore store = open()) {
            assertTrue(follow(store.certificates(), 0, ALL).containsAll(kept));
            long end = store.certificates().end();
            append(store, entries(FAR_EXPIRY, 1));
            store.force();
            assertEquals(1, follow(store.certificates(), end, ALL).size(), "no number is used twice");
        }
    }

    @Test
    void aLostIndexBeginsANewOrder() throws StoreException, IOException {
        List<BundleEntry> entries = entries(FAR_EXPIRY, 1, 2, 3);
        long feedId;
        try (SliverStore store = open()) {
            append(store, entries);
            store.force();
            feedId = store.certificates().feedId();
        }
        Files.delete(temporary.resolve("store/index.mdb"));
        try (SliverStore store = open()) {
            assertNotEquals(feedId, store.certificates().feedId());
            assertEquals(entries, follow(store.certificates(), 0, ALL));
        }
    }

    @Test
    void theLargestBundleIsReadEntryByEntry() throws StoreException {
        int[] namespaces = random.ints(Bundle.MAX_ENTRIES, 0, 3).toArray();
        List<BundleEntry> entries = entries(FAR_EXPIRY, namespaces);
        try (SliverStore store = open()) {
            append(store, entries);
            append(store, entries(FAR_EXPIRY, 1));
            store.force();
            CertificateLog.Batch batch = store.certificates().read(0, ALL, 256);
            assertEquals(256, batch.nextCursor());
            CertificateLog.Batch last = store.certificates().read(Bundle.MAX_ENTRIES - 1, ALL, 256);
            assertEquals(entries.getLast(), last.certificates().getFirst().entry());
            assertEquals(2, last.certificates().size());
        }
    }

    @Test
    void heldStatementsAreKnownWhoeverSignedThem() throws StoreException, InvalidEncodingException {
        List<BundleEntry> entries = entries(FAR_EXPIRY, 1);
        try (SliverStore store = open()) {
            append(store, entries);
            byte[] encoded = SampleBlob.certificate(2, entries);
            assertTrue(store.certificates()
                    .holds(Certificate.decode(encoded, SampleBlob.MEMBERS).statement()));
            assertThrows(IllegalArgumentException.class, () -> store.certificates().read(-1, ALL, 1));
            assertThrows(IllegalArgumentException.class, () -> store.certificates().read(0, ALL, 0));
        }
    }
}
