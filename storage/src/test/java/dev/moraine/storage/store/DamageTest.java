package dev.moraine.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.storage.disk.FaultDisk;
import dev.moraine.storage.segment.RecordDescriptor;
import dev.moraine.storage.segment.SegmentDescriptor;
import dev.moraine.testing.Seed;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DamageTest {
    private static final String FIRST = SegmentDescriptor.fileName(1);
    /** Just long enough for a bundle of one blob. */
    private static final long SEGMENT_BYTES = 20 << 10;

    private final Random random = Seed.random("DamageTest");

    private static long usedBytes(FaultDisk disk) {
        byte[] contents = disk.contents(FIRST);
        int used = contents.length;
        while (contents[used - 1] == 0) {
            used--;
        }
        return used;
    }

    private static void assertNoFlipGoesUnnoticed(Workload workload, FaultDisk whole, long bit) {
        FaultDisk disk = whole.copy();
        disk.flipBit(FIRST, bit);
        try (SliverStore store = Workload.open(disk)) {
            int missing = workload.missing(store);
            long noticed = store.health().quarantined() + store.recovery().tornRecords();
            assertTrue(missing == 0 || noticed > 0, () -> "bit " + bit + ": " + missing + " missing, none noticed");
            if (bit / Byte.SIZE < SegmentDescriptor.DATA_OFFSET) {
                assertEquals(0, missing, () -> "bit " + bit + " of one copy of the header");
            }
        } catch (StoreException e) {
            throw new AssertionError("bit " + bit, e);
        }
    }

    private static void assertFlipsAreNoticed(Workload workload, FaultDisk disk, int stepBits) {
        long usedBits = usedBytes(disk) * Byte.SIZE;
        assertTrue(usedBits > SegmentDescriptor.DATA_OFFSET * Byte.SIZE);
        byte[] contents = disk.contents(FIRST);
        for (long bit = 0; bit < (long) contents.length * Byte.SIZE; bit += stepBits) {
            // Where a whole sector is empty, one bit of some of its 64-byte lines stands for the others.
            int sector = (int) (bit / Byte.SIZE / FaultDisk.SECTOR_BYTES) * FaultDisk.SECTOR_BYTES;
            boolean empty = isZero(contents, sector, sector + FaultDisk.SECTOR_BYTES);
            if (!empty || bit % (64 * Byte.SIZE) == sector % 509) {
                assertNoFlipGoesUnnoticed(workload, disk, bit);
            }
        }
    }

    private static boolean isZero(byte[] contents, int from, int to) {
        for (int i = from; i < to; i++) {
            if (contents[i] != 0) {
                return false;
            }
        }
        return true;
    }

    @Test
    void everyBitThatFlipsInAClosedStoreIsNoticedOrHarmless() throws StoreException {
        Workload workload = new Workload(random, 1, 1, 300);
        FaultDisk disk = new FaultDisk();
        try (SliverStore store = Workload.open(disk, SEGMENT_BYTES)) {
            workload.run(store);
        }
        assertEquals(1, disk.fileCount());
        assertFlipsAreNoticed(workload, disk, 1);
    }

    @Test
    void bitsThatFlipInAStoreAfterACrashAreNoticedOrHarmless() throws StoreException {
        Workload workload = new Workload(random, 1, 1, 300);
        FaultDisk disk = new FaultDisk();
        workload.run(Workload.open(disk, SEGMENT_BYTES));
        assertEquals(1, disk.fileCount());
        assertFlipsAreNoticed(workload, disk.afterPowerCut((sector, changes) -> 0), 3);
    }

    @Test
    void damageBetweenForcedRecordsIsQuarantinedAndTheRestServed() throws StoreException {
        Workload workload = new Workload(random, 8, 3, 3_000);
        FaultDisk disk = new FaultDisk();
        try (SliverStore store = Workload.open(disk, 64 << 10)) {
            workload.run(store);
        }
        byte[] contents = disk.contents(FIRST);
        int start = (int) SegmentDescriptor.DATA_OFFSET + 4_096;
        Arrays.fill(contents, start, start + 4_096, (byte) 0x5A);
        disk.replace(FIRST, contents);
        for (int opening = 0; opening < 3; opening++) {
            try (SliverStore store = Workload.open(disk)) {
                int missing = workload.missing(store);
                assertTrue(missing > 0 && missing < 30, missing + " missing");
                assertTrue(store.health().quarantined() > 0, "reported at every opening");
                assertEquals(FIRST, fileName(store.recovery().firstDamage().getFirst().file()));
            }
        }
        try (SliverStore store = Workload.open(disk)) {
            assertTrue(workload.missing(store) > 0, "a read finds out what is damaged");
            workload.run(store);
            workload.assertNothingLost(store);
        }
        try (SliverStore store = Workload.open(disk)) {
            workload.assertNothingLost(store);
        }
    }

    private static String fileName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    @Test
    void damageThatComesWhileTheStoreRunsIsNeverServed() throws StoreException {
        SampleBlob blob = SampleBlob.random(random, 200);
        FaultDisk whole = new FaultDisk();
        long usedBits;
        try (SliverStore store = Workload.open(whole)) {
            store.appendPair(blob.pair(0));
            usedBits = (store.health().bytes() - RecordDescriptor.ALIGNMENT_BYTES) * Byte.SIZE;
        }
        long start = SegmentDescriptor.DATA_OFFSET * Byte.SIZE;
        for (long bit = start; bit < start + usedBits; bit += 7) {
            FaultDisk disk = whole.copy();
            try (SliverStore store = Workload.open(disk)) {
                blob.assertServed(store, 0);
                disk.flipBit(FIRST, bit);
                assertInstanceOf(PairLookup.Quarantined.class, store.find(blob.id(), 0), "bit " + bit);
                disk.flipBit(FIRST, bit);
                assertInstanceOf(PairLookup.Quarantined.class, store.find(blob.id(), 0), "it stays so");
                BlobMetadata metadata = store.metadata(blob.id());
                assertTrue(metadata == null || metadata.equals(blob.commitment().metadata()));
                assertEquals(1, store.health().quarantined());
                assertEquals(0, store.health().pairs());
            }
        }
    }

    @Test
    void aDamagedCertificateIsNotServedAndCanBeStoredAnew() throws StoreException {
        SampleBlob blob = SampleBlob.random(random, 200);
        List<BundleEntry> entries = List.of(blob.entry(7));
        byte[] certificate = SampleBlob.certificate(1, entries);
        FaultDisk disk = new FaultDisk();
        try (SliverStore store = Workload.open(disk)) {
            store.appendCertificate(certificate, entries);
            disk.flipBit(FIRST, (SegmentDescriptor.DATA_OFFSET + 200) * Byte.SIZE);
            assertNull(store.certificate(blob.id()));
            assertEquals(1, store.health().quarantined());
            assertEquals(0, store.health().certificates());
            assertEquals(7, store.expiryEpoch(blob.id()), "what was certified is kept as long");
            store.appendCertificate(certificate, entries);
            assertNotNull(store.certificate(blob.id()));
        }
        try (SliverStore store = Workload.open(disk)) {
            assertNotNull(store.certificate(blob.id()));
        }
    }

    @Test
    void aCertificateThatWasStoredAnewIsServedForEveryBlobOfItsBundle() throws StoreException {
        SampleBlob one = SampleBlob.random(random, 200);
        SampleBlob other = SampleBlob.random(random, 200);
        List<BundleEntry> entries = List.of(one.entry(7), other.entry(7));
        byte[] certificate = SampleBlob.certificate(1, entries);
        FaultDisk disk = new FaultDisk();
        try (SliverStore store = Workload.open(disk)) {
            store.appendCertificate(certificate, entries);
            disk.flipBit(FIRST, (SegmentDescriptor.DATA_OFFSET + 200) * Byte.SIZE);
            assertNull(store.certificate(one.id()));
            store.appendCertificate(certificate, entries);
            assertNotNull(store.certificate(other.id()), "read for the first time since");
            assertNotNull(store.certificate(one.id()));
            assertEquals(1, store.health().certificates());
            assertEquals(1, store.health().quarantined());
        }
    }

    @Test
    void recordsAtEachOthersPlacesAreNotServed() throws StoreException {
        SampleBlob one = SampleBlob.random(random, 300);
        SampleBlob other = SampleBlob.random(random, 300);
        FaultDisk disk = new FaultDisk();
        long recordBytes;
        try (SliverStore store = Workload.open(disk)) {
            store.appendPair(one.pair(0));
            recordBytes = store.health().bytes();
            store.appendPair(other.pair(0));
            assertEquals(2 * recordBytes, store.health().bytes());
        }
        byte[] contents = disk.contents(FIRST);
        byte[] swapped = contents.clone();
        int start = (int) SegmentDescriptor.DATA_OFFSET;
        int length = (int) recordBytes;
        System.arraycopy(contents, start, swapped, start + length, length);
        System.arraycopy(contents, start + length, swapped, start, length);
        disk.replace(FIRST, swapped);
        try (SliverStore store = Workload.open(disk)) {
            assertInstanceOf(PairLookup.NotHeld.class, store.find(one.id(), 0));
            assertInstanceOf(PairLookup.NotHeld.class, store.find(other.id(), 0));
            assertTrue(store.health().quarantined() > 0);
        }
    }
}
