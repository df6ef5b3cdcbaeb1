package dev.moraine.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.testing.Seed;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LostIndexTest {
    private static final int CUTS = 60;

    private final Random random = Seed.random("LostIndexTest");
    private final List<SampleBlob> blobs = Stream.generate(
                    () -> SampleBlob.random(random, 1 + random.nextInt(2_000)))
            .limit(120)
            .toList();

    @TempDir
    private Path temporary;

    private SliverStore open() throws StoreException {
        return SliverStore.open(new StoreContext()
                .folder(temporary.resolve("store"))
                .deploymentId(SampleBlob.DEPLOYMENT)
                .segmentBytes(64 << 10));
    }

    private Path index() {
        return temporary.resolve("store/index.mdb");
    }

    private void fill(SliverStore store, int from, int to) throws StoreException {
        for (int i = from; i < to; i++) {
            SampleBlob blob = blobs.get(i);
            List<BundleEntry> entries = List.of(blob.entry(20 + i));
            store.appendBundle(new BundleRecord(
                    List.of(blob.pair(1)), List.of(new BundleRecord.Retention(blob.id(), 10 + i))));
            store.appendCertificate(SampleBlob.certificate(2, entries), entries);
        }
        store.force();
    }

    private void assertAllIsThere(SliverStore store, int to) {
        for (int i = 0; i < to; i++) {
            SampleBlob blob = blobs.get(i);
            blob.assertServed(store, 1);
            assertEquals(20 + i, store.expiryEpoch(blob.id()));
            assertNotNull(store.certificate(blob.id()));
        }
        for (int i = to; i < blobs.size(); i++) {
            assertEquals(SliverStore.NO_EXPIRY, store.expiryEpoch(blobs.get(i).id()));
        }
        StoreHealth health = store.health();
        assertEquals(to, health.pairs());
        assertEquals(to, health.certificates());
        assertEquals(0, health.quarantined());
    }

    @Test
    void onlyTheLastSegmentIsReadWhenTheIndexIsWhole() throws StoreException {
        long bytes;
        try (SliverStore store = open()) {
            fill(store, 0, 100);
            bytes = store.health().bytes();
        }
        try (SliverStore store = open()) {
            assertTrue(store.recovery().segments() > 4);
            assertTrue(store.recovery().records() < 60, store.recovery().records() + " records were read");
            assertAllIsThere(store, 100);
            assertEquals(bytes, store.health().bytes());
            fill(store, 100, 120);
            assertAllIsThere(store, 120);
            bytes = store.health().bytes();
        }
        try (SliverStore store = open()) {
            assertAllIsThere(store, 120);
            assertEquals(bytes, store.health().bytes());
        }
    }

    @Test
    void anIndexThatWasDeletedCutOrChangedIsBuiltAnew() throws StoreException, IOException {
        int filled = 60;
        long bytes;
        try (SliverStore store = open()) {
            fill(store, 0, filled);
            bytes = store.health().bytes();
        }
        for (int cut = 0; cut < CUTS; cut++) {
            damageIndex(cut);
            try (SliverStore store = open()) {
                assertAllIsThere(store, filled);
                assertEquals(bytes, store.health().bytes());
                if (filled < blobs.size() && cut % 4 == 0) {
                    fill(store, filled, filled + 1);
                    filled++;
                    bytes = store.health().bytes();
                }
            }
        }
    }

    private void damageIndex(int cut) throws IOException {
        if (cut == 0) {
            Files.delete(index());
        } else if (cut == 1) {
            Files.delete(temporary.resolve("store/index.seal"));
            Files.delete(temporary.resolve("store/index.mdb-lock"));
        } else if (cut % 2 == 0) {
            try (FileChannel channel = FileChannel.open(index(), StandardOpenOption.WRITE)) {
                channel.truncate(random.nextLong(channel.size()));
            }
        } else {
            byte[] contents = Files.readAllBytes(index());
            contents[random.nextInt(contents.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(index(), contents);
        }
    }

    @Test
    void anIndexOfOtherSegmentsIsNotBelieved() throws StoreException, IOException {
        try (SliverStore store = open()) {
            fill(store, 0, 50);
        }
        Path saved = temporary.resolve("saved");
        Files.copy(index(), saved);
        try (SliverStore store = open()) {
            fill(store, 50, 100);
        }
        // An index of before: what came later is read out of the segments.
        Files.copy(saved, index(), StandardCopyOption.REPLACE_EXISTING);
        Files.delete(temporary.resolve("store/index.seal"));
        try (SliverStore store = open()) {
            assertAllIsThere(store, 100);
        }
        // A segment that the index knows is gone: everything is read anew.
        Files.copy(index(), saved, StandardCopyOption.REPLACE_EXISTING);
        Files.delete(temporary.resolve("store/0000000000000002.segment"));
        try (SliverStore store = open()) {
            long left = blobs.stream().filter(blob -> store.hasPair(blob.id(), 1)).count();
            assertTrue(left > 0 && left < 100);
            assertEquals(left, store.health().pairs());
        }
    }

    private static BlobId anyId(int number) {
        return new BlobId(new Digest(number, 0, 0, 1));
    }

    @Test
    void changesBeyondTheBoundAreCommittedByTheWriter() throws StoreException {
        long before;
        try (SliverStore store = open()) {
            fill(store, 0, 10);
            before = store.health().pairs();
            for (int i = 0; i < 3 * IndexCheckpoint.MAX_CHANGES / 2; i++) {
                SampleBlob blob = blobs.get(0);
                store.appendRetention(anyId(i), 5);
                if (i % 1_000 == 0) {
                    store.force();
                    assertTrue(store.youngChanges() <= IndexCheckpoint.MAX_CHANGES + 1_000);
                    blob.assertServed(store, 1);
                }
            }
        }
        try (SliverStore store = open()) {
            assertEquals(before, store.health().pairs());
            for (int i = 0; i < 3 * IndexCheckpoint.MAX_CHANGES / 2; i += 997) {
                assertEquals(5, store.expiryEpoch(anyId(i)));
            }
        }
    }
}
