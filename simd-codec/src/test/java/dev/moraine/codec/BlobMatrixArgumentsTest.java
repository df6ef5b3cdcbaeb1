package dev.moraine.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every argument of the matrix at its limit and one past it; a refused call writes nothing. */
class BlobMatrixArgumentsTest {
    private static final int SYMBOL_BYTES = 64;
    private static final byte MARK = 0x33;

    private final Geometry geometry = new Geometry(7);
    private final BlobMatrix matrix = new BlobMatrix(geometry, SYMBOL_BYTES);
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment written = arena.allocate(geometry.matrixBytes(SYMBOL_BYTES)).fill(MARK);
    private final long lineBytes = geometry.lineBytes(SYMBOL_BYTES);
    private final long blobBytes = geometry.paddedBlobBytes(SYMBOL_BYTES);

    @AfterEach
    void free() {
        arena.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -64, 0, 63, 65, 4_473_925 * 64 + 64, Integer.MAX_VALUE})
    void symbolSizesThatNoBlobHasAreRefused(int symbolSizeBytes) {
        assertRefused("symbolSizeBytes must be", () -> new BlobMatrix(geometry, symbolSizeBytes));
    }

    @Test
    void symbolSizesAtTheLimitsAreTaken() {
        assertEquals(64, new BlobMatrix(geometry, 64).symbolSizeBytes());
        assertEquals(4_473_925 * 64, new BlobMatrix(geometry, 4_473_925 * 64).symbolSizeBytes());
        assertEquals(geometry, matrix.geometry());
    }

    @Test
    void blobsThatAreEmptyOrDoNotFitAreRefused() {
        assertRefused("blob must have from 1 to 960 bytes, but has 0", () -> matrix.encode(arena.allocate(0), written));
        assertRefused(
                "blob must have from 1 to 960 bytes, but has 961",
                () -> matrix.encode(arena.allocate(blobBytes + 1), written));
        MemorySegment blob = arena.allocate(blobBytes);
        assertRefused("matrix must have 3136 bytes, but has 3135", () -> matrix.encode(blob, slice(0, 3135)));
        assertRefused("matrix must be writable", () -> matrix.encode(blob, written.asReadOnly()));
        assertRefused("blob must not overlap matrix", () -> matrix.encode(slice(3000, 100), written));
    }

    @Test
    void stripsOutsideOfASymbolOrBetweenItsCacheLinesAreRefused() {
        BlobMatrix longer = new BlobMatrix(geometry, 192);
        MemorySegment blob = arena.allocate(geometry.paddedBlobBytes(192));
        MemorySegment symbols = arena.allocate(geometry.matrixBytes(192));
        for (int firstByte : new int[] {Integer.MIN_VALUE, -64, 1, 63, 192, Integer.MAX_VALUE}) {
            assertRefused(
                    "firstByte must be a multiple of 64 from 0 to 128, but is " + firstByte,
                    () -> longer.encodeStrip(blob, symbols, firstByte, 64));
        }
        for (int lengthBytes : new int[] {Integer.MIN_VALUE, -64, 0, 1, 65, 192, Integer.MAX_VALUE}) {
            assertRefused(
                    "lengthBytes must be a multiple of 64 from 64 to 128, but is " + lengthBytes,
                    () -> longer.encodeStrip(blob, symbols, 64, lengthBytes));
        }
    }

    @Test
    void threadsShareOnlyWhatIsNotConfinedToOne() {
        byte[] blob = new byte[(int) blobBytes];
        assertRefused(
                "threads must be at least 1, but is 0",
                () -> matrix.encode(MemorySegment.ofArray(blob), written, 0, Runnable::run));
        assertRefused(
                "matrix must be accessible by all threads",
                () -> matrix.encode(MemorySegment.ofArray(blob), written, 2, Runnable::run));
        assertRefused(
                "blob must be accessible by all threads",
                () -> matrix.encode(
                        arena.allocate(blobBytes),
                        MemorySegment.ofArray(new byte[(int) written.byteSize()]),
                        2,
                        Runnable::run));
    }

    @Test
    void linesOfAnotherLengthAreRefused() {
        for (long bytes : new long[] {0, lineBytes - 1, lineBytes + 1}) {
            MemorySegment line = slice(0, bytes);
            assertRefused("row must have 448 bytes, but has " + bytes, () -> matrix.extendRow(line));
            assertRefused("column must have 448 bytes, but has " + bytes, () -> matrix.extendColumn(line));
        }
        MemorySegment readOnly = slice(0, lineBytes).asReadOnly();
        assertRefused("row must be writable", () -> matrix.extendRow(readOnly));
        assertRefused("column must be writable", () -> matrix.extendColumn(readOnly));
    }

    @Test
    void sliversOutsideTheMatrixAreNotCopied() {
        MemorySegment source = arena.allocate(written.byteSize());
        MemorySegment sliver = slice(0, 192);
        assertRefused("column must be from 0 to 6, but is -1", () -> matrix.copySecondarySliver(source, -1, sliver));
        assertRefused("column must be from 0 to 6, but is 7", () -> matrix.copySecondarySliver(source, 7, sliver));
        assertRefused(
                "sliver must have 192 bytes, but has 193", () -> matrix.copySecondarySliver(source, 0, slice(0, 193)));
        assertRefused(
                "matrix must have 3136 bytes, but has 3072",
                () -> matrix.copySecondarySliver(source.asSlice(64), 0, sliver));
        assertRefused("matrix must not overlap sliver", () -> matrix.copySecondarySliver(written, 0, sliver));
    }

    @Test
    void memoryThatIsGoneIsRefused() {
        MemorySegment blob = arena.allocate(blobBytes);
        MemorySegment gone = closedSegment(written.byteSize());
        MemorySegment sliver = slice(0, geometry.secondarySliverBytes(SYMBOL_BYTES));
        assertRefused("matrix must be alive, but its arena is closed", () -> matrix.encode(blob, gone));
        MemorySegment goneBlob = closedSegment(blobBytes);
        assertRefused("blob must be alive, but its arena is closed", () -> matrix.encode(goneBlob, written));
        MemorySegment goneLine = closedSegment(lineBytes);
        assertRefused("row must be alive, but its arena is closed", () -> matrix.extendRow(goneLine));
        assertRefused("column must be alive, but its arena is closed", () -> matrix.extendColumn(goneLine));
        assertRefused(
                "matrix must be alive, but its arena is closed", () -> matrix.copySecondarySliver(gone, 0, sliver));
    }

    @Test
    void memoryOfAnotherThreadIsRefused() throws Exception {
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            Arena foreign = other.submit(Arena::ofConfined).get();
            MemorySegment line = other.submit(() -> foreign.allocate(lineBytes)).get();
            assertRefused("row must be accessible by thread", () -> matrix.extendRow(line));
            assertRefused("column must be accessible by thread", () -> matrix.extendColumn(line));
            assertRefused("blob must be accessible by thread", () -> matrix.encode(line, written));
            other.submit(foreign::close).get();
        }
    }

    @Test
    void everyRecoveryChecksIndicesAndSegments() {
        for (Recovery recovery : recoveries()) {
            int enough = recovery.required();
            int[] indices = firstIndices(enough);
            MemorySegment out = slice(0, recovery.writtenBytes());
            MemorySegment[] segments = segments(enough, recovery.segmentBytes());
            assertRefused(
                    "must have " + enough + " entries, but has " + (enough - 1),
                    () -> recovery.call().apply(indices, segments(enough - 1, recovery.segmentBytes()), out));
            for (int index : new int[] {-1, 7}) {
                assertRefused(
                        "must be from 0 to 6, but is " + index,
                        () -> recovery.call().apply(with(indices, index), segments, out));
            }
            assertRefused("must be distinct", () -> recovery.call().apply(with(indices, 0), segments, out));
            assertRefused(
                    "must have " + recovery.segmentBytes() + " bytes, but has",
                    () -> recovery.call().apply(indices, segments(enough, recovery.segmentBytes() + 64), out));
            assertRefused(
                    "must have " + recovery.writtenBytes() + " bytes, but has",
                    () -> recovery.call().apply(indices, segments, slice(0, recovery.writtenBytes() - 64)));
            assertRefused(
                    "must be writable", () -> recovery.call().apply(indices, segments, out.asReadOnly()));
            segments[enough - 1] = slice(32, recovery.segmentBytes());
            assertRefused("must not overlap", () -> recovery.call().apply(indices, segments, out));
            segments[enough - 1] = closedSegment(recovery.segmentBytes());
            assertRefused("its arena is closed", () -> recovery.call().apply(indices, segments, out));
        }
    }

    @Test
    void oneSegmentLessThanEnoughIsTooFew() throws TooFewShardsException {
        for (Recovery recovery : recoveries()) {
            int fewer = recovery.required() - 1;
            MemorySegment out = slice(0, recovery.writtenBytes());
            TooFewShardsException failure = assertThrows(
                    TooFewShardsException.class,
                    () -> recovery.call()
                            .apply(firstIndices(fewer), segments(fewer, recovery.segmentBytes()), out));
            assertEquals(fewer, failure.available());
            assertEquals(recovery.required(), failure.required());
            assertUntouched();
        }
        for (Recovery recovery : recoveries()) {
            MemorySegment[] enough = segments(recovery.required(), recovery.segmentBytes());
            recovery.call().apply(firstIndices(recovery.required()), enough, slice(0, recovery.writtenBytes()));
        }
    }

    private interface Call {
        void apply(int[] indices, MemorySegment[] segments, MemorySegment written) throws TooFewShardsException;
    }

    private record Recovery(Call call, int required, long segmentBytes, long writtenBytes) {}

    private Recovery[] recoveries() {
        int k1 = geometry.sourceRows();
        int k2 = geometry.sourceColumns();
        return new Recovery[] {
            new Recovery(matrix::decodeFromPrimaries, k1, geometry.primarySliverBytes(SYMBOL_BYTES), blobBytes),
            new Recovery(matrix::decodeFromSecondaries, k2, geometry.secondarySliverBytes(SYMBOL_BYTES), blobBytes),
            new Recovery(matrix::recoverRow, k2, SYMBOL_BYTES, lineBytes),
            new Recovery(matrix::recoverColumn, k1, SYMBOL_BYTES, lineBytes)
        };
    }

    private MemorySegment slice(long offset, long bytes) {
        return written.asSlice(offset, bytes);
    }

    private static int[] firstIndices(int count) {
        int[] indices = new int[count];
        for (int i = 0; i < count; i++) {
            indices[i] = i;
        }
        return indices;
    }

    private static int[] with(int[] indices, int last) {
        int[] changed = indices.clone();
        changed[changed.length - 1] = last;
        return changed;
    }

    private MemorySegment[] segments(int count, long bytes) {
        MemorySegment[] segments = new MemorySegment[count];
        for (int i = 0; i < count; i++) {
            segments[i] = arena.allocate(bytes);
        }
        return segments;
    }

    private static MemorySegment closedSegment(long bytes) {
        try (Arena shortLived = Arena.ofConfined()) {
            return shortLived.allocate(bytes);
        }
    }

    private void assertRefused(String part, Executable call) {
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, call).getMessage());
        assertTrue(message.contains(part), message);
        assertUntouched();
    }

    private void assertUntouched() {
        assertEquals(-1, written.mismatch(arena.allocate(written.byteSize()).fill(MARK)));
    }
}
