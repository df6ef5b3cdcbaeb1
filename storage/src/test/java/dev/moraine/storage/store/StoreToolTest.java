package dev.moraine.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.storage.segment.RecordType;
import dev.moraine.storage.store.BundleRecord.Retention;
import dev.moraine.storage.store.StoreException.Reason;
import dev.moraine.testing.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreToolTest {
    private final Random random = Seed.random("StoreToolTest");
    private final List<SampleBlob> blobs = Stream.generate(() -> SampleBlob.random(random, 4_000)).limit(50).toList();

    @TempDir
    private Path folder;

    private SliverStore open() throws StoreException {
        return SliverStore.open(new StoreContext()
                .folder(folder)
                .deploymentId(SampleBlob.DEPLOYMENT)
                .reserveBytes(0)
                .segmentBytes(64 << 10));
    }

    @BeforeEach
    void fill() throws StoreException {
        try (SliverStore store = open()) {
            for (int i = 0; i < blobs.size(); i++) {
                SampleBlob blob = blobs.get(i);
                store.appendBundle(new BundleRecord(
                        List.of(blob.pair(1)), List.of(new Retention(blob.id(), i < 40 ? 5 : 9))));
            }
            store.force();
        }
    }

    @Test
    void whatIsInTheFolderIsCountedAndNothingChanged() throws StoreException, IOException {
        byte[] before = Files.readAllBytes(folder.resolve("0000000000000002.segment"));
        long[] progress = {0};
        StoreTool.Description description = new StoreTool(folder).describe(count -> progress[0] = count);
        assertEquals(SampleBlob.DEPLOYMENT, description.deploymentId());
        assertEquals(description.segments().size(), progress[0]);
        assertTrue(description.indexBytes() > 0);
        long pairs = description.segments().stream()
                .mapToLong(segment -> segment.records().getOrDefault(RecordType.PAIR, 0L))
                .sum();
        assertEquals(50, pairs);
        assertEquals(-1, Arrays.mismatch(
                before, Files.readAllBytes(folder.resolve("0000000000000002.segment"))));
    }

    @Test
    void aWholeStoreIsVerifiedAndDamageIsFound() throws StoreException, IOException {
        StoreTool.Verification whole = new StoreTool(folder).verify(bytes -> {});
        assertTrue(whole.isWhole());
        assertEquals(50, whole.health().pairs());
        assertTrue(whole.readBytes() >= whole.health().bytes());
        Path second = folder.resolve("0000000000000002.segment");
        byte[] contents = Files.readAllBytes(second);
        contents[20_000] ^= 4;
        Files.write(second, contents);
        StoreTool.Verification damaged = new StoreTool(folder).verify(bytes -> {});
        assertFalse(damaged.isWhole());
        assertTrue(damaged.health().quarantined() > 0);
        try (SliverStore store = open()) {
            assertTrue(store.hasPair(blobs.getLast().id(), 1), "verifying leaves a store that can be opened");
        }
    }

    @Test
    void compactionGivesUpWhatHasExpired() throws StoreException {
        int before = new StoreTool(folder).describe(count -> {}).segments().size();
        long[] nowNs = {0};
        StoreHealth health = new StoreTool(folder).compact(6, () -> nowNs[0] += 1_000_000, count -> {});
        assertTrue(health.segments() < before, before + " to " + health.segments());
        try (SliverStore store = open()) {
            for (SampleBlob blob : blobs.subList(40, 50)) {
                blob.assertServed(store, 1);
            }
            assertFalse(store.hasPair(blobs.getFirst().id(), 1));
        }
    }

    @Test
    void aRebuiltIndexSaysTheSame() throws StoreException {
        StoreHealth health = new StoreTool(folder).rebuildIndex();
        assertEquals(50, health.pairs());
        try (SliverStore store = open()) {
            assertTrue(store.recovery().records() < 100, "only the last segment was read");
            for (SampleBlob blob : blobs) {
                blob.assertServed(store, 1);
            }
        }
    }

    @Test
    void aFolderThatIsNoStoreOrInUseIsRefused(@TempDir Path empty) throws StoreException {
        assertThrows(IllegalArgumentException.class, () -> new StoreTool(folder.resolve("missing")));
        StoreTool none = new StoreTool(empty);
        assertEquals(
                Reason.CANNOT_OPEN,
                assertThrows(StoreException.class, () -> none.describe(count -> {})).reason());
        assertEquals(
                Reason.CANNOT_OPEN,
                assertThrows(StoreException.class, () -> none.verify(count -> {})).reason());
        try (SliverStore store = open()) {
            assertTrue(store.health().pairs() > 0);
            assertEquals(
                    Reason.FOLDER_IN_USE,
                    assertThrows(StoreException.class, () -> new StoreTool(folder).describe(count -> {}))
                            .reason());
        }
    }
}
