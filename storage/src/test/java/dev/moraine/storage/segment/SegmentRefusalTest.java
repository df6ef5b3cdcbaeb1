package dev.moraine.storage.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.hash.Digest;
import dev.moraine.storage.disk.FaultDisk;
import dev.moraine.storage.segment.SegmentRefusedException.Refusal;
import dev.moraine.testing.Seed;
import java.io.IOException;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class SegmentRefusalTest {
    private static final Digest DEPLOYMENT = new Digest(1, 2, 3, 4);
    private static final long SEGMENT_BYTES = 16 << 10;
    private static final String FIRST = SegmentDescriptor.fileName(1);
    private static final String SECOND = SegmentDescriptor.fileName(2);

    private final Random random = Seed.random("SegmentRefusalTest");

    private SegmentLog open(FaultDisk disk) throws IOException {
        return open(disk, DEPLOYMENT);
    }

    private SegmentLog open(FaultDisk disk, Digest deploymentId) throws IOException {
        return SegmentLog.open(
                disk,
                new SegmentLog.Settings(deploymentId, SEGMENT_BYTES, 0, random::nextLong),
                new SegmentTable(),
                (segment, header, intact) -> {});
    }

    /** A log of two segments: the first of them full, the second with one record. */
    private FaultDisk twoSegments() throws IOException {
        FaultDisk disk = new FaultDisk();
        try (SegmentLog log = open(disk)) {
            for (long number = 1; log.segmentCount() < 2; number++) {
                log.append(RecordContent.headerOnly(RecordType.RETENTION, new Digest(number, 0, 0, 0), number));
            }
            log.mark();
        }
        return disk;
    }

    private static void assertRefused(Refusal refusal, IOExecutable opening, String... mentioned) {
        SegmentRefusedException e = assertThrows(SegmentRefusedException.class, opening::run);
        assertEquals(refusal, e.refusal());
        for (String text : mentioned) {
            assertTrue(e.toString().contains(text), () -> e + " should mention " + text);
        }
    }

    private interface IOExecutable {
        void run() throws IOException;
    }

    /** Sets the version of one copy of the header. */
    private static void setVersion(byte[] contents, int headerOffset, int version) {
        contents[headerOffset + 8] = (byte) version;
        CRC32C crc = new CRC32C();
        crc.update(contents, headerOffset, 124);
        for (int i = 0; i < Integer.BYTES; i++) {
            contents[headerOffset + 124 + i] = (byte) (crc.getValue() >> (8 * i));
        }
    }

    @Test
    void anotherFormatVersionIsRefusedAndNothingChanged() throws IOException {
        for (boolean both : new boolean[] {false, true}) {
            FaultDisk disk = twoSegments();
            byte[] changed = disk.contents(FIRST);
            setVersion(changed, 0, 1);
            if (both) {
                setVersion(changed, (int) SegmentDescriptor.SECOND_HEADER_OFFSET, 1);
            }
            disk.replace(FIRST, changed);
            disk.replace(SegmentDescriptor.unfinishedFileName(3), new byte[100]);
            disk.failCalls(call -> false);
            boolean[] touched = {false};
            disk.beforeChange(() -> touched[0] = true);
            assertRefused(Refusal.UNKNOWN_VERSION, () -> open(disk), FIRST, "version 1", "version 2");
            assertEquals(false, touched[0]);
        }
    }

    @Test
    void aLaterVersionWithAnotherHeaderIsRefusedAsThat() throws IOException {
        FaultDisk disk = twoSegments();
        byte[] changed = disk.contents(FIRST);
        changed[8] = 3;
        changed[(int) SegmentDescriptor.SECOND_HEADER_OFFSET + 8] = 3;
        disk.replace(FIRST, changed);
        assertRefused(Refusal.UNKNOWN_VERSION, () -> open(disk), FIRST, "version 3");
    }

    @Test
    void aSegmentOfAnotherDeploymentIsRefused() throws IOException {
        Digest other = new Digest(5, 6, 7, 8);
        FaultDisk disk = twoSegments();
        assertRefused(
                Refusal.FOREIGN_DEPLOYMENT,
                () -> open(disk, other),
                FIRST,
                DEPLOYMENT.toString(),
                other.toString());
    }

    @Test
    void aSegmentUnderAnothersNameIsRefused() throws IOException {
        FaultDisk disk = twoSegments();
        byte[] first = disk.contents(FIRST);
        disk.replace(FIRST, disk.contents(SECOND));
        disk.replace(SECOND, first);
        assertRefused(Refusal.WRONG_SEGMENT_ID, () -> open(disk), FIRST, SECOND);
    }

    @Test
    void oneCopyOfTheHeaderIsEnoughAndNoneIsTooFew() throws IOException {
        FaultDisk disk = twoSegments();
        disk.flipBit(FIRST, 20 * Byte.SIZE);
        try (SegmentLog log = open(disk)) {
            assertEquals(1, log.recovery().damagedRanges());
            assertEquals("memory/" + FIRST, log.recovery().firstDamage().getFirst().file());
        }
        disk.flipBit(FIRST, (SegmentDescriptor.SECOND_HEADER_OFFSET + 33) * Byte.SIZE);
        assertRefused(Refusal.DAMAGED_HEADER, () -> open(disk), FIRST);
        FaultDisk empty = twoSegments();
        empty.replace(FIRST, new byte[0]);
        assertRefused(Refusal.DAMAGED_HEADER, () -> open(empty), FIRST);
    }
}
