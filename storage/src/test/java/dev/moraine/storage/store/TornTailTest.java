package dev.moraine.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.moraine.storage.disk.FaultDisk;
import dev.moraine.storage.segment.SegmentDescriptor;
import dev.moraine.testing.Seed;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TornTailTest {
    private static final String FIRST = SegmentDescriptor.fileName(1);

    private final Random random = Seed.random("TornTailTest");
    private final SampleBlob forced = SampleBlob.random(random, 300);
    private final SampleBlob torn = SampleBlob.random(random, 300);
    private byte[] contents = new byte[0];
    private int tornStart;
    private int tornEnd;

    @BeforeEach
    void crashAfterTheSecondRecord() throws StoreException {
        FaultDisk disk = new FaultDisk();
        SliverStore store = Workload.open(disk);
        store.appendPair(forced.pair(0));
        store.force();
        long recordBytes = store.health().bytes();
        store.appendPair(torn.pair(0));
        contents = disk.contents(FIRST);
        // What was forced ends with its page.
        tornStart = (int) SegmentDescriptor.DATA_OFFSET + SegmentDescriptor.PAGE_BYTES;
        tornEnd = tornStart + (int) recordBytes;
    }

    private void assertOnlyTheTornOneIsGone(byte[] damaged, int at) throws StoreException {
        FaultDisk disk = new FaultDisk();
        disk.replace(FIRST, damaged);
        SampleBlob next = SampleBlob.random(new Random(at), 100);
        try (SliverStore store = Workload.open(disk)) {
            forced.assertServed(store, 0);
            assertInstanceOf(PairLookup.NotHeld.class, store.find(torn.id(), 0), "torn at " + at);
            assertEquals(0, store.health().quarantined(), "torn at " + at);
            assertEquals(contents.length, disk.contents(FIRST).length, "the file has its length again");
            store.appendPair(next.pair(0));
        }
        try (SliverStore store = Workload.open(disk)) {
            forced.assertServed(store, 0);
            next.assertServed(store, 0);
            assertInstanceOf(PairLookup.NotHeld.class, store.find(torn.id(), 0), "torn at " + at);
            assertEquals(0, store.health().quarantined(), "torn at " + at);
            assertEquals(2, store.health().pairs());
        }
    }

    @Test
    void aFileThatEndsAnywhereInTheLastRecordLosesThatRecordOnly() throws StoreException {
        for (int end = tornStart; end < tornEnd; end++) {
            assertOnlyTheTornOneIsGone(Arrays.copyOf(contents, end), end);
        }
    }

    @Test
    void aRecordOfWhichOnlyTheBeginningWasWrittenIsGone() throws StoreException {
        int contentEnd = tornEnd;
        while (contents[contentEnd - 1] == 0) {
            contentEnd--;
        }
        for (int end = tornStart; end < contentEnd; end++) {
            byte[] damaged = contents.clone();
            Arrays.fill(damaged, end, tornEnd, (byte) 0);
            assertOnlyTheTornOneIsGone(damaged, end);
        }
    }

    @Test
    void aRecordOfWhichOnlyTheEndWasWrittenIsGone() throws StoreException {
        for (int start = tornStart + 1; start < tornEnd; start++) {
            byte[] damaged = contents.clone();
            Arrays.fill(damaged, tornStart, start, (byte) 0);
            assertOnlyTheTornOneIsGone(damaged, start);
        }
    }

    @Test
    void aRecordBehindATornOneDoesNotComeBackToLife() throws StoreException {
        FaultDisk disk = new FaultDisk();
        SliverStore crashed = Workload.open(disk);
        SampleBlob[] blobs = new SampleBlob[6];
        for (int i = 0; i < blobs.length; i++) {
            blobs[i] = SampleBlob.random(random, 300);
            crashed.appendPair(blobs[i].pair(0));
        }
        int recordBytes = (int) (crashed.health().bytes() / blobs.length);
        // Of six records of one batch, the first three are on the disk in part, the others whole.
        byte[] damaged = disk.contents(FIRST);
        for (int i = 0; i < 3; i++) {
            damaged[(int) SegmentDescriptor.DATA_OFFSET + i * recordBytes + 200] ^= 1;
        }
        disk.replace(FIRST, damaged);
        int served = 0;
        try (SliverStore store = Workload.open(disk)) {
            for (int i = 3; i < blobs.length; i++) {
                blobs[i].assertServed(store, 0);
            }
            for (int i = 0; i < 3; i++) {
                assertInstanceOf(PairLookup.NotHeld.class, store.find(blobs[i].id(), 0));
            }
            assertEquals(0, store.health().quarantined());
            assertEquals(3, store.recovery().tornRecords());
            served = (int) store.health().pairs();
        }
        try (SliverStore store = Workload.open(disk)) {
            assertEquals(served, store.health().pairs());
            assertEquals(0, store.health().quarantined());
            assertEquals(0, store.recovery().tornRecords());
        }
    }
}
