package dev.moraine.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.storage.disk.FaultDisk;
import dev.moraine.storage.segment.SegmentDescriptor;
import dev.moraine.storage.store.BundleRecord.Retention;
import dev.moraine.storage.store.StoreException.Reason;
import dev.moraine.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpkeepTest {
    private static final long SEGMENT_BYTES = 64 << 10;
    private static final long STEP_NS = 50_000_000;

    private final Random random = Seed.random("UpkeepTest");
    private long epoch = 10;
    private long nowNs;

    @TempDir
    private Path temporary;

    private SliverStore openFolder() throws StoreException {
        return SliverStore.open(new StoreContext()
                .folder(temporary.resolve("store"))
                .deploymentId(SampleBlob.DEPLOYMENT)
                .reserveBytes(0)
                .segmentBytes(SEGMENT_BYTES));
    }

    private List<SampleBlob> blobs(int count) {
        return Stream.generate(() -> SampleBlob.random(random, 1 + random.nextInt(6_000))).limit(count).toList();
    }

    private static void append(SliverStore store, List<SampleBlob> blobs, long expiryEpoch) throws StoreException {
        for (SampleBlob blob : blobs) {
            List<BundleEntry> entries = List.of(blob.entry(expiryEpoch));
            store.appendBundle(new BundleRecord(
                    List.of(blob.pair(0)), List.of(new Retention(blob.id(), expiryEpoch))));
            store.appendCertificate(SampleBlob.certificate(expiryEpoch, entries), entries);
        }
        store.force();
    }

    private void assertHeld(SliverStore store, List<SampleBlob> blobs, long expiryEpoch) {
        for (SampleBlob blob : blobs) {
            blob.assertServed(store, 0);
            assertEquals(expiryEpoch, store.expiryEpoch(blob.id()));
            assertNotNull(store.certificate(blob.id()));
        }
    }

    private static void assertGone(SliverStore store, List<SampleBlob> blobs) {
        for (SampleBlob blob : blobs) {
            assertInstanceOf(PairLookup.NotHeld.class, store.find(blob.id(), 0));
            assertNull(store.metadata(blob.id()));
            assertNull(store.certificate(blob.id()));
        }
    }

    /** Lets upkeep and writer run side by side for a while. */
    private void keepUp(SliverStore store, StoreUpkeepAgent agent, int rounds) throws StoreException {
        for (int i = 0; i < rounds; i++) {
            nowNs += STEP_NS;
            agent.doWork();
            store.compact(() -> nowNs);
        }
    }

    private StoreUpkeepAgent upkeep(SliverStore store) {
        return store.newUpkeepAgent(() -> epoch, () -> nowNs);
    }

    @Test
    void segmentsWhoseBlobsHaveAllExpiredAreDeletedAndOthersAreNot() throws StoreException {
        List<SampleBlob> early = blobs(40);
        List<SampleBlob> late = blobs(40);
        try (SliverStore store = openFolder()) {
            StoreUpkeepAgent agent = upkeep(store);
            append(store, early, 10);
            append(store, late, 20);
            int segments = store.health().segments();
            assertTrue(segments > 5);
            keepUp(store, agent, 200);
            assertEquals(segments, store.health().segments(), "nothing has expired");
            epoch = 11;
            keepUp(store, agent, 400);
            assertTrue(store.health().segments() <= segments / 2 + 3);
            assertHeld(store, late, 20);
            // The last of them may share a segment with many that are kept.
            assertGone(store, early.subList(0, 25));
            assertTrue(store.health().pairs() >= 40 && store.health().pairs() <= 55);
            assertEquals(0, store.health().quarantined());
            epoch = 21;
            keepUp(store, agent, 600);
            assertTrue(store.health().segments() <= 2);
        }
        try (SliverStore store = openFolder()) {
            assertEquals(0, store.health().quarantined());
            assertGone(store, early.subList(0, 25));
        }
    }

    @Test
    void whatIsStillKeptIsCopiedOutOfMixedSegments() throws StoreException {
        List<SampleBlob> kept = new ArrayList<>();
        List<SampleBlob> expired = new ArrayList<>();
        List<SampleBlob> extended = new ArrayList<>();
        long bytes;
        try (SliverStore store = openFolder()) {
            for (int i = 0; i < 30; i++) {
                List<SampleBlob> three = blobs(5);
                append(store, three.subList(0, 1), 30);
                append(store, three.subList(1, 4), 10);
                append(store, three.subList(4, 5), 10);
                kept.add(three.get(0));
                expired.addAll(three.subList(1, 4));
                extended.add(three.get(4));
            }
            append(store, extended, 30);
            StoreUpkeepAgent agent = upkeep(store);
            int before = store.health().segments();
            epoch = 11;
            keepUp(store, agent, 3_000);
            assertTrue(store.health().segments() < before * 3 / 4, before + " to " + store.health().segments());
            assertHeld(store, kept, 30);
            assertHeld(store, extended, 30);
            assertEquals(0, store.health().quarantined());
            bytes = store.health().bytes();
            long gone = expired.stream().filter(blob -> !store.hasPair(blob.id(), 0)).count();
            assertTrue(gone > expired.size() / 2, gone + " of " + expired.size());
        }
        try (SliverStore store = openFolder()) {
            assertHeld(store, kept, 30);
            assertHeld(store, extended, 30);
            assertEquals(bytes, store.health().bytes());
            assertTrue(store.recovery().records() < 200);
        }
        PersistedIndexFiles.delete(temporary.resolve("store"));
        try (SliverStore store = openFolder()) {
            assertHeld(store, kept, 30);
            assertHeld(store, extended, 30);
        }
    }

    @Test
    void aReaderKeepsASegmentThatIsDeletedMeanwhile() throws StoreException {
        List<SampleBlob> early = blobs(40);
        try (SliverStore store = openFolder()) {
            append(store, early, 10);
            SampleBlob first = early.getFirst();
            StoredPair pair = assertInstanceOf(PairLookup.Found.class, store.findMapped(first.id(), 0, null)).pair();
            epoch = 11;
            keepUp(store, upkeep(store), 400);
            assertGone(store, early.subList(0, 20));
            first.assertIsPair(pair, 0);
            MemorySegment primary = pair.primary();
            pair.release();
            assertThrows(IllegalStateException.class, () -> primary.get(ValueLayout.JAVA_BYTE, 0));
        }
    }

    @Test
    void aPowerCutAtAnyPointOfCompactionLosesNothing() throws StoreException {
        List<SampleBlob> kept = blobs(12);
        List<SampleBlob> expired = blobs(36);
        FaultDisk disk = new FaultDisk();
        int[] states = {0};
        try (SliverStore store = Workload.open(disk, SEGMENT_BYTES)) {
            for (int i = 0; i < kept.size(); i++) {
                append(store, kept.subList(i, i + 1), 30);
                append(store, expired.subList(3 * i, 3 * i + 3), 10);
            }
            int before = store.health().segments();
            disk.beforeChange(() -> {
                for (int fate = 0; fate < 3; fate++) {
                    Random own = new Random(random.nextLong());
                    int style = fate;
                    FaultDisk after = disk.afterPowerCut((sector, changes) ->
                            style == 0 ? 0 : style == 1 ? changes : own.nextInt(changes + 1));
                    try (SliverStore recovered = Workload.open(after, SEGMENT_BYTES)) {
                        assertHeld(recovered, kept, 30);
                        assertEquals(0, recovered.health().quarantined());
                        states[0]++;
                    } catch (StoreException e) {
                        throw new AssertionError(e);
                    }
                }
            });
            epoch = 11;
            keepUp(store, upkeep(store), 500);
            disk.beforeChange(() -> {});
            assertTrue(store.health().segments() < before);
            assertHeld(store, kept, 30);
        }
        assertTrue(states[0] > 50, states[0] + " states");
    }

    @Test
    void aFullDiskSaysSoBeforehandAndIsEmptiedByExpiry() throws StoreException {
        FaultDisk disk = new FaultDisk();
        disk.capacityBytes(6 * SEGMENT_BYTES);
        try (SliverStore store = SliverStore.open(new StoreContext()
                .folder(Path.of("memory"))
                .deploymentId(SampleBlob.DEPLOYMENT)
                .segmentBytes(SEGMENT_BYTES)
                .reserveBytes(SEGMENT_BYTES)
                .disks(folder -> disk))) {
            StoreUpkeepAgent agent = upkeep(store);
            List<SampleBlob> stored = new ArrayList<>();
            while (store.hasRoomFor(SEGMENT_BYTES / 2)) {
                List<SampleBlob> more = blobs(1);
                append(store, more, 10);
                stored.addAll(more);
            }
            assertEquals(5, store.health().segments());
            StoreException full = assertThrows(StoreException.class, () -> append(store, blobs(100), 10));
            assertEquals(Reason.DISK_FULL, full.reason());
            assertHeld(store, stored, 10);
            epoch = 12;
            keepUp(store, agent, 300);
            assertTrue(store.hasRoomFor(SEGMENT_BYTES / 2));
            List<SampleBlob> more = blobs(10);
            append(store, more, 20);
            assertHeld(store, more, 20);
        }
    }

    @Test
    void aWeekOfTrafficStaysInABoundedFolder() throws StoreException {
        int epochs = 7 * 24;
        int retention = 4;
        Deque<List<SampleBlob>> live = new ArrayDeque<>();
        long mostSegments = 0;
        SliverStore store = openFolder();
        try {
            StoreUpkeepAgent agent = upkeep(store);
            for (int i = 0; i < epochs; i++) {
                epoch++;
                List<SampleBlob> more = blobs(8);
                append(store, more, epoch + retention);
                live.add(more);
                if (live.size() > retention + 1) {
                    live.remove();
                }
                keepUp(store, agent, 60);
                mostSegments = Math.max(mostSegments, store.health().segments());
                if (i % 40 == 39) {
                    store.close();
                    store = openFolder();
                    agent = upkeep(store);
                    long expiry = epoch + retention;
                    for (List<SampleBlob> blobs : (Iterable<List<SampleBlob>>) live::descendingIterator) {
                        assertHeld(store, blobs, expiry--);
                    }
                }
            }
            assertTrue(mostSegments <= 16, mostSegments + " segments");
            assertEquals(0, store.health().quarantined());
            assertTrue(store.health().pairs() <= 8L * (retention + 8));
        } finally {
            store.close();
        }
    }

    @Test
    void theScrubFindsDamageThatNobodyReads() throws StoreException {
        List<SampleBlob> blobs = blobs(60);
        FaultDisk disk = new FaultDisk();
        try (SliverStore store = Workload.open(disk, SEGMENT_BYTES)) {
            append(store, blobs, 30);
            StoreUpkeepAgent agent = upkeep(store);
            keepUp(store, agent, 1_000);
            assertTrue(agent.scrubRounds() > 0);
            assertEquals(0, store.health().quarantined());
            assertNull(store.pollDamaged());
            String second = SegmentDescriptor.fileName(2);
            disk.flipBit(second, (SegmentDescriptor.DATA_OFFSET + 2_000) * Byte.SIZE);
            long rounds = agent.scrubRounds();
            for (int i = 0; i < 100 && agent.scrubRounds() < rounds + 2; i++) {
                keepUp(store, agent, 100);
            }
            assertEquals(1, store.health().quarantined());
            DamagedSliver damaged = store.pollDamaged();
            if (damaged != null) {
                SampleBlob blob = blobs.stream()
                        .filter(each -> each.id().equals(damaged.blobId()))
                        .findFirst()
                        .orElseThrow();
                assertFalse(store.hasPair(blob.id(), 0));
                store.appendPair(blob.pair(0));
                blob.assertServed(store, 0);
            }
            assertNull(store.pollDamaged());
        }
    }

    @Test
    void theScrubFindsSliversThatAreNotThoseOfTheirMetadata() throws StoreException {
        SampleBlob blob = SampleBlob.random(random, 3_000);
        PairRecord right = blob.pair(0);
        PairRecord wrong = new PairRecord(
                right.metadata(), 0, right.primary(), blob.pair(1).secondary(), right.roots());
        FaultDisk disk = new FaultDisk();
        try (SliverStore store = Workload.open(disk, SEGMENT_BYTES)) {
            store.appendPair(wrong);
            store.appendRetention(blob.id(), 30);
            append(store, blobs(40), 30);
            keepUp(store, upkeep(store), 1_000);
            assertEquals(1, store.health().quarantined());
            assertEquals(new DamagedSliver(blob.id(), 0), Objects.requireNonNull(store.pollDamaged()));
            assertFalse(store.hasPair(blob.id(), 0));
        }
    }
}
