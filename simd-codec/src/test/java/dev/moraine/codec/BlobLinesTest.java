package dev.moraine.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.testing.Seed;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A line or symbol by itself is the same as in the whole matrix, and what is asked for wrongly is refused. */
class BlobLinesTest {
    private static final int SYMBOL_BYTES = 64;
    private static final byte MARK = 0x33;

    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void free() {
        arena.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 10, 31, 100, 192})
    void everySymbolAndSliverIsThatOfTheMatrix(int shards) {
        Random random = Seed.random("BlobLinesTest");
        Geometry geometry = new Geometry(shards);
        int symbolBytes = SYMBOL_BYTES * (1 + random.nextInt(3));
        BlobMatrix matrix = new BlobMatrix(geometry, symbolBytes);
        BlobLines lines = new BlobLines(matrix);
        MemorySegment blob = MemorySegment.ofArray(
                Seed.bytes(random, (int) geometry.paddedBlobBytes(symbolBytes)));
        MemorySegment encoded = arena.allocate(geometry.matrixBytes(symbolBytes));
        matrix.encode(blob, encoded);
        MemorySegment primary = arena.allocate(geometry.primarySliverBytes(symbolBytes));
        MemorySegment secondary = arena.allocate(geometry.secondarySliverBytes(symbolBytes));
        MemorySegment expected = arena.allocate(secondary.byteSize());
        MemorySegment symbol = arena.allocate(symbolBytes + 1).asSlice(1);
        for (int line = 0; line < shards; line++) {
            lines.primarySliver(blob, line, primary.fill(MARK));
            long rowOffset = line * geometry.lineBytes(symbolBytes);
            assertEquals(-1, encoded.asSlice(rowOffset, primary.byteSize()).mismatch(primary), "row " + line);
            lines.secondarySliver(blob, line, secondary.fill(MARK));
            matrix.copySecondarySliver(encoded, line, expected);
            assertEquals(-1, expected.mismatch(secondary), "column " + line);
            for (int index = 0; index < shards; index++) {
                lines.symbolOfRow(primary, index, symbol.fill(MARK));
                assertSymbol(encoded, (long) line * shards + index, symbol);
                lines.symbolOfColumn(secondary, index, symbol.fill(MARK));
                assertSymbol(encoded, (long) index * shards + line, symbol);
            }
        }
    }

    private static void assertSymbol(MemorySegment encoded, long place, MemorySegment symbol) {
        long bytes = symbol.byteSize();
        if (encoded.asSlice(place * bytes, bytes).mismatch(symbol) != -1) {
            assertArrayEquals(
                    encoded.asSlice(place * bytes, bytes).toArray(ValueLayout.JAVA_BYTE),
                    symbol.toArray(ValueLayout.JAVA_BYTE),
                    "symbol " + place);
        }
    }

    /** What a method of the class reads and writes. */
    private record Method(String read, long readBytes, String index, String written, long writtenBytes, Call call) {}

    private interface Call {
        void apply(MemorySegment read, int index, MemorySegment written);
    }

    @Test
    void wrongArgumentsAreRefusedBeforeAByteIsWritten() {
        Geometry geometry = new Geometry(7);
        BlobLines lines = new BlobLines(new BlobMatrix(geometry, SYMBOL_BYTES));
        long blobBytes = geometry.paddedBlobBytes(SYMBOL_BYTES);
        long primaryBytes = geometry.primarySliverBytes(SYMBOL_BYTES);
        long secondaryBytes = geometry.secondarySliverBytes(SYMBOL_BYTES);
        for (Method method : new Method[] {
            new Method("primarySliver", primaryBytes, "column", "symbol", SYMBOL_BYTES, lines::symbolOfRow),
            new Method("secondarySliver", secondaryBytes, "row", "symbol", SYMBOL_BYTES, lines::symbolOfColumn),
            new Method("paddedBlob", blobBytes, "row", "sliver", primaryBytes, lines::primarySliver),
            new Method("paddedBlob", blobBytes, "column", "sliver", secondaryBytes, lines::secondarySliver)
        }) {
            checkRefusals(method);
        }
    }

    private void checkRefusals(Method method) {
        MemorySegment read = arena.allocate(method.readBytes() + 64);
        MemorySegment pool = arena.allocate(method.readBytes() + method.writtenBytes() + 64).fill(MARK);
        MemorySegment from = read.asSlice(0, method.readBytes());
        MemorySegment to = pool.asSlice(0, method.writtenBytes());
        for (int index : new int[] {-1, 7, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertRefused(
                    pool,
                    method.index() + " must be from 0 to 6, but is " + index,
                    () -> method.call().apply(from, index, to));
        }
        for (int index : new int[] {0, 6}) {
            Call call = method.call();
            for (long bytes : new long[] {0, method.readBytes() - 1, method.readBytes() + 1}) {
                String message = method.read() + " must have " + method.readBytes() + " bytes, but has " + bytes;
                assertRefused(pool, message, () -> call.apply(read.asSlice(0, bytes), index, to));
            }
            for (long bytes : new long[] {0, method.writtenBytes() - 1, method.writtenBytes() + 1}) {
                String message = method.written() + " must have " + method.writtenBytes() + " bytes, but has " + bytes;
                assertRefused(pool, message, () -> call.apply(from, index, pool.asSlice(0, bytes)));
            }
            assertRefused(
                    pool,
                    method.written() + " must be writable, but is read-only",
                    () -> call.apply(from, index, to.asReadOnly()));
            assertRefused(
                    pool,
                    method.read() + " must not overlap " + method.written() + ", but shares 1 bytes with it",
                    () -> call.apply(pool.asSlice(method.writtenBytes() - 1, method.readBytes()), index, to));
            MemorySegment gone = closedSegment(method.readBytes());
            assertRefused(
                    pool,
                    method.read() + " must be alive, but its arena is closed",
                    () -> call.apply(gone, index, to));
            MemorySegment goneTarget = closedSegment(method.writtenBytes());
            assertRefused(
                    pool,
                    method.written() + " must be alive, but its arena is closed",
                    () -> call.apply(from, index, goneTarget));
        }
    }

    private static MemorySegment closedSegment(long bytes) {
        try (Arena shortLived = Arena.ofConfined()) {
            return shortLived.allocate(bytes);
        }
    }

    private void assertRefused(MemorySegment pool, String start, Executable call) {
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, call).getMessage());
        assertTrue(message.startsWith(start), message);
        assertEquals(-1, pool.mismatch(arena.allocate(pool.byteSize()).fill(MARK)), "nothing is written");
    }
}
