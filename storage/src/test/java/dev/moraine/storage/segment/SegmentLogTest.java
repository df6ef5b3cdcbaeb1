package dev.moraine.storage.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.hash.Digest;
import dev.moraine.storage.disk.FaultDisk;
import dev.moraine.storage.disk.NoSpaceException;
import dev.moraine.testing.Seed;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class SegmentLogTest {
    private static final Digest DEPLOYMENT = new Digest(1, 2, 3, 4);
    private static final long SEGMENT_BYTES = 32 << 10;
    private static final String FIRST = SegmentDescriptor.fileName(1);
    private static final String SECOND = SegmentDescriptor.fileName(2);

    private final Random random = Seed.random("SegmentLogTest");
    private final LongSupplier nonces = random::nextLong;
    private final List<RecordHeader> seen = new ArrayList<>();

    private SegmentLog open(FaultDisk disk) throws IOException {
        return open(disk, DEPLOYMENT, SEGMENT_BYTES);
    }

    private SegmentLog open(FaultDisk disk, Digest deploymentId, long segmentBytes) throws IOException {
        seen.clear();
        return SegmentLog.open(
                disk,
                new SegmentLog.Settings(deploymentId, segmentBytes, 0, nonces),
                new SegmentTable(),
                (segment, header, intact) -> seen.add(header));
    }

    private static RecordContent retention(long number) {
        return RecordContent.headerOnly(RecordType.RETENTION, new Digest(number, 0, 0, 0), number);
    }

    private RecordContent pair(long number, int sliverBytes) {
        return new RecordContent(
                RecordType.PAIR,
                new Digest(number, 0, 0, 0),
                3,
                0,
                random(100 + random.nextInt(100)),
                random(64),
                random(sliverBytes),
                random(sliverBytes));
    }

    private MemorySegment random(int lengthBytes) {
        return MemorySegment.ofArray(Seed.bytes(random, lengthBytes));
    }

    private List<Long> numbersSeen() {
        return seen.stream().map(header -> header.blobId().w0()).toList();
    }

    /** A log of two segments: the first of them full, the second with one record. */
    private FaultDisk twoSegments() throws IOException {
        FaultDisk disk = new FaultDisk();
        try (SegmentLog log = open(disk)) {
            for (long number = 1; log.segmentCount() < 2; number++) {
                log.append(pair(number, 640));
            }
            log.mark();
        }
        assertEquals(List.of(FIRST, SECOND), disk.list());
        return disk;
    }

    @Test
    void everyPartOfARecordIsReadAsItWasWritten() throws IOException {
        FaultDisk disk = new FaultDisk();
        try (SegmentLog log = open(disk)) {
            for (int i = 0; i < 50; i++) {
                RecordContent content = pair(i, random.nextInt(3_000));
                SegmentLog.Appended appended = log.append(content);
                RecordLayout layout = appended.header().layout();
                MemorySegment record = MemorySegment.ofArray(new byte[(int) layout.lengthBytes()]);
                RecordHeader header = appended.segment().readRecord(appended.header().offset(), record);
                assertEquals(appended.header().layout(), header == null ? null : header.layout());
                assertPart(content.lead(), record, layout.leadOffset());
                assertPart(content.list(), record, layout.listOffset());
                assertPart(content.primary(), record, layout.primaryOffset());
                assertPart(content.secondary(), record, layout.secondaryOffset());
                assertEquals(0, layout.primaryOffset() % RecordDescriptor.SLIVER_ALIGNMENT_BYTES);
                assertEquals(0, layout.lengthBytes() % RecordDescriptor.ALIGNMENT_BYTES);
            }
        }
    }

    private static void assertPart(MemorySegment expected, MemorySegment record, long offset) {
        assertEquals(-1, expected.mismatch(record.asSlice(offset, expected.byteSize())));
    }

    @Test
    void recordsAreSeenAgainInTheOrderOfWriting() throws IOException {
        FaultDisk disk = new FaultDisk();
        List<Long> written = new ArrayList<>();
        for (int opening = 0; opening < 5; opening++) {
            try (SegmentLog log = open(disk)) {
                assertEquals(written, numbersSeen());
                assertEquals(written.size(), log.recovery().records());
                for (int i = 0; i < 20; i++) {
                    long number = written.size();
                    log.append(random.nextBoolean() ? retention(number) : pair(number, random.nextInt(4_000)));
                    written.add(number);
                    if (random.nextInt(4) == 0) {
                        log.force();
                    }
                }
                log.mark();
            }
        }
    }

    @Test
    void whatWasForcedSharesNoPageWithWhatComesLater() throws IOException {
        FaultDisk disk = new FaultDisk();
        try (SegmentLog log = open(disk)) {
            long first = log.append(retention(1)).header().offset();
            assertEquals(first + RecordDescriptor.HEADER_BYTES, log.append(retention(2)).header().offset());
            log.force();
            long second = log.append(retention(3)).header().offset();
            assertEquals(first / SegmentDescriptor.PAGE_BYTES + 1, second / SegmentDescriptor.PAGE_BYTES);
            assertEquals(0, second % SegmentDescriptor.PAGE_BYTES);
            log.force();
            log.force();
            assertEquals(second + SegmentDescriptor.PAGE_BYTES, log.append(retention(4)).header().offset());
        }
    }

    @Test
    void aSegmentIsPreallocatedInFullBeforeItHasItsName() throws IOException {
        FaultDisk disk = new FaultDisk();
        List<String> incomplete = new ArrayList<>();
        disk.beforeChange(() -> {
            for (String name : List.of(FIRST, SECOND)) {
                if (disk.has(name) && disk.contents(name).length != SEGMENT_BYTES) {
                    incomplete.add(name);
                }
            }
        });
        try (SegmentLog log = open(disk)) {
            while (log.segmentCount() < 2) {
                log.append(pair(1, 640));
            }
        }
        assertEquals(List.of(), incomplete);
    }

    @Test
    void theNextSegmentIsFilledWhileThePresentOneIsWritten() throws IOException {
        FaultDisk disk = new FaultDisk();
        try (SegmentLog log = open(disk)) {
            log.preallocateAhead();
            log.makeRoom(List.of(pair(1, 640)));
            log.append(pair(1, 640));
            String ahead = SegmentDescriptor.unfinishedFileName(2);
            assertEquals(0, disk.contents(ahead).length);
            long filled = 0;
            while (log.fillNext()) {
                filled = disk.contents(ahead).length;
            }
            assertEquals(SEGMENT_BYTES, filled);
            while (log.segmentCount() < 2) {
                log.makeRoom(List.of(pair(1, 640)));
                log.append(pair(1, 640));
            }
            assertEquals(List.of(FIRST, SECOND, SegmentDescriptor.unfinishedFileName(3)), disk.list());
            RecordContent longer = ofLength((int) SEGMENT_BYTES);
            log.append(longer);
            assertEquals(List.of(FIRST, SECOND, SegmentDescriptor.fileName(3)), disk.list());
        }
        assertEquals(List.of(FIRST, SECOND, SegmentDescriptor.fileName(3)), disk.list());
        try (SegmentLog log = open(disk)) {
            assertEquals(0, log.recovery().damagedRanges());
        }
    }

    @Test
    void aFailureWhileTheNextSegmentIsFilledIsTheWritersToMeet() throws IOException {
        FaultDisk disk = new FaultDisk();
        try (SegmentLog log = open(disk)) {
            log.preallocateAhead();
            log.makeRoom(List.of(pair(1, 640)));
            log.append(pair(1, 640));
            disk.failCalls(call -> true);
            assertFalse(log.fillNext());
            disk.failCalls(call -> false);
            assertThrows(IOException.class, () -> {
                while (log.segmentCount() < 2) {
                    log.append(pair(1, 640));
                }
            });
        }
    }

    @Test
    void aFullDiskHasNoSegmentAheadOfItsTime() throws IOException {
        FaultDisk disk = new FaultDisk();
        disk.capacityBytes(4 * SEGMENT_BYTES);
        try (SegmentLog log = open(disk)) {
            log.preallocateAhead();
            log.makeRoom(List.of(pair(1, 640)));
            log.append(pair(1, 640));
            assertEquals(List.of(FIRST), disk.list());
            assertFalse(log.fillNext());
        }
    }

    @Test
    void aPreallocationThatDidNotFinishIsRemovedAtTheNextOpening() throws IOException {
        FaultDisk disk = twoSegments();
        disk.replace(SegmentDescriptor.unfinishedFileName(3), new byte[100]);
        disk.replace("something else", new byte[100]);
        open(disk).close();
        assertEquals(List.of(FIRST, SECOND, "something else"), disk.list());
    }

    @Test
    void aRecordTooLongForTheRestOfASegmentGoesIntoTheNext() throws IOException {
        FaultDisk disk = new FaultDisk();
        int room = (int) (SEGMENT_BYTES - SegmentDescriptor.DATA_OFFSET);
        int headBytes = 192;
        try (SegmentLog log = open(disk)) {
            RecordContent exact = ofLength(room - headBytes);
            assertEquals(room, exact.layout().lengthBytes());
            log.append(exact);
            assertEquals(1, log.segmentCount());
            log.append(exact);
            assertEquals(2, log.segmentCount());
            assertEquals(SEGMENT_BYTES, disk.contents(SECOND).length);
            log.append(ofLength(room - headBytes + 1));
            assertEquals(3, log.segmentCount());
            assertEquals(
                    SEGMENT_BYTES + SegmentDescriptor.PAGE_BYTES,
                    disk.contents(SegmentDescriptor.fileName(3)).length);
            log.append(retention(1));
            log.mark();
        }
        try (SegmentLog log = open(disk)) {
            assertEquals(4, log.recovery().records());
            assertEquals(0, log.recovery().damagedRanges());
        }
    }

    private RecordContent ofLength(int primaryBytes) {
        return new RecordContent(
                RecordType.PAIR, new Digest(7, 0, 0, 0), 0, 0, random(1), random(1), random(primaryBytes), random(0));
    }

    @Test
    void aFullDiskLeavesTheLogAsItWas() throws IOException {
        FaultDisk disk = new FaultDisk();
        disk.capacityBytes(SEGMENT_BYTES + SEGMENT_BYTES / 2);
        try (SegmentLog log = open(disk)) {
            List<Long> written = new ArrayList<>();
            long number = 0;
            while (true) {
                try {
                    log.append(pair(number, 640));
                    written.add(number++);
                } catch (NoSpaceException e) {
                    break;
                }
            }
            assertEquals(List.of(FIRST), disk.list());
            assertThrows(NoSpaceException.class, () -> log.append(pair(99, 640)));
            disk.capacityBytes(Long.MAX_VALUE);
            log.append(pair(number, 640));
            written.add(number);
            log.mark();
            open(disk).close();
            assertEquals(written, numbersSeen());
        }
    }

    @Test
    void anUnreadablePageOfAFinishedSegmentCostsItsRecordsOnly() throws IOException {
        FaultDisk disk = twoSegments();
        open(disk).close();
        List<Long> all = numbersSeen();
        long page = SegmentDescriptor.DATA_OFFSET + SegmentDescriptor.PAGE_BYTES;
        disk.spoil(FIRST, page, page + SegmentDescriptor.PAGE_BYTES);
        try (SegmentLog log = open(disk)) {
            List<Long> left = numbersSeen();
            assertTrue(all.containsAll(left));
            assertTrue(left.size() < all.size() && left.size() >= all.size() - 5, left + " of " + all);
            assertTrue(log.recovery().damagedRanges() > 0);
        }
    }

    @Test
    void tooManyUnreadablePagesEndTheOpening() throws IOException {
        int pages = ReadWindow.MAX_UNREADABLE_PAGES;
        long segmentBytes = SegmentDescriptor.DATA_OFFSET + (pages + 20L) * SegmentDescriptor.PAGE_BYTES;
        FaultDisk disk = new FaultDisk();
        try (SegmentLog log = open(disk, DEPLOYMENT, segmentBytes)) {
            while (log.segmentCount() < 2) {
                log.append(pair(1, 640));
            }
            log.mark();
        }
        long start = SegmentDescriptor.DATA_OFFSET;
        long end = start + (long) pages * SegmentDescriptor.PAGE_BYTES;
        disk.spoil(FIRST, start, end);
        open(disk, DEPLOYMENT, segmentBytes).close();
        disk.spoil(FIRST, end, end + 1);
        assertThrows(IOException.class, () -> open(disk, DEPLOYMENT, segmentBytes));
    }

    @Test
    void anUnreadablePageOfTheLastSegmentEndsTheOpeningAndLosesNothing() throws IOException {
        FaultDisk disk = twoSegments();
        open(disk).close();
        List<Long> all = numbersSeen();
        disk.spoil(SECOND, SegmentDescriptor.DATA_OFFSET, SegmentDescriptor.DATA_OFFSET + 1);
        assertThrows(IOException.class, () -> open(disk));
        open(disk.copy()).close();
        assertEquals(all, numbersSeen());
    }

    @Test
    void damageIsCountedInFullAndNamedUpToALimit() throws IOException {
        int damaged = LogRecovery.MAX_REPORTED_RANGES + 1;
        long segmentBytes = 1 << 20;
        FaultDisk disk = new FaultDisk();
        List<Long> offsets = new ArrayList<>();
        try (SegmentLog log = open(disk, DEPLOYMENT, segmentBytes)) {
            for (int i = 0; i < damaged; i++) {
                offsets.add(log.append(retention(2L * i)).header().offset());
                log.append(retention(2L * i + 1));
            }
            log.mark();
        }
        for (int i = 0; i < damaged; i++) {
            disk.flipBit(FIRST, (offsets.get(i) + random.nextInt(128)) * Byte.SIZE);
            if (i >= damaged - 2) {
                try (SegmentLog log = open(disk.copy(), DEPLOYMENT, segmentBytes)) {
                    assertEquals(i + 1, log.recovery().damagedRanges());
                    assertEquals(LogRecovery.MAX_REPORTED_RANGES, log.recovery().firstDamage().size());
                    assertEquals(2L * damaged - i - 1, log.recovery().records());
                }
            }
        }
    }

    @Test
    void aRecordFromTheLifeOfAnotherFileOfTheSameNameDoesNotPass() throws IOException {
        FaultDisk before = new FaultDisk();
        long offset;
        try (SegmentLog log = open(before)) {
            offset = log.append(retention(1)).header().offset();
            log.mark();
        }
        FaultDisk now = new FaultDisk();
        try (SegmentLog log = open(now)) {
            log.append(retention(2));
            log.mark();
        }
        byte[] mixed = now.contents(FIRST);
        System.arraycopy(
                before.contents(FIRST), (int) offset, mixed, (int) offset, RecordDescriptor.HEADER_BYTES);
        now.replace(FIRST, mixed);
        try (SegmentLog log = open(now)) {
            assertEquals(List.of(), numbersSeen());
            assertEquals(1, log.recovery().damagedRanges());
        }
    }

    @Test
    void onlySegmentsOfPositiveIdHaveSegmentNames() {
        assertEquals(1, SegmentDescriptor.segmentIdOf(FIRST).orElseThrow());
        assertEquals(
                Long.MAX_VALUE,
                SegmentDescriptor.segmentIdOf("7fffffffffffffff.segment").orElseThrow());
        for (String name : List.of(
                "0000000000000000.segment",
                "8000000000000000.segment",
                "000000000000000A.segment",
                "000000000000001.segment",
                "00000000000000001.segment",
                "0000000000000001.segmen",
                "0000000000000001.segment.new",
                ".segment",
                "")) {
            assertTrue(SegmentDescriptor.segmentIdOf(name).isEmpty(), name);
        }
    }

    @Test
    void partsOutsideTheirRangeAreRefused() {
        long most = SegmentDescriptor.MAX_CAPACITY_BYTES;
        assertTrue(new RecordLayout(Integer.MAX_VALUE, Integer.MAX_VALUE, most, most).lengthBytes() > 2 * most);
        assertThrows(IllegalArgumentException.class, () -> new RecordLayout(-1, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new RecordLayout(0, -1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new RecordLayout(0, 0, -1, 0));
        assertThrows(IllegalArgumentException.class, () -> new RecordLayout(0, 0, most + 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new RecordLayout(0, 0, 0, most + 1));
    }
}
