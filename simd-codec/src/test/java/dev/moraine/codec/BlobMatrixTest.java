package dev.moraine.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moraine.testing.Seed;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What section 3 of the protocol promises of the matrix, on native memory. */
class BlobMatrixTest {
    /** Long enough for planes at every width. */
    private static final int SYMBOL_SIZE_BYTES = 192;

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 10, 31, 100, 192})
    void everyRowAndEveryColumnIsACodewordOverTheBlobsRowMajorSource(int shards) {
        Random random = Seed.random("BlobMatrixTest");
        try (Arena arena = Arena.ofConfined()) {
            Encoded encoded = new Encoded(arena, random, shards, fullLengthBytes(shards));
            Geometry geometry = encoded.matrix.geometry();
            for (int row = 0; row < geometry.sourceRows(); row++) {
                byte[] expected = Arrays.copyOfRange(
                        encoded.blob, row * encoded.primaryBytes(), (row + 1) * encoded.primaryBytes());
                assertArrayEquals(expected, Arrays.copyOf(encoded.row(row), encoded.primaryBytes()));
            }
            for (int line = 0; line < shards; line++) {
                MemorySegment row = arena.allocateFrom(ValueLayout.JAVA_BYTE, encoded.row(line));
                clearAfter(row, encoded.primaryBytes());
                encoded.matrix.extendRow(row);
                assertArrayEquals(encoded.row(line), row.toArray(ValueLayout.JAVA_BYTE), "row " + line);
                MemorySegment column = arena.allocateFrom(ValueLayout.JAVA_BYTE, encoded.column(line));
                clearAfter(column, encoded.secondaryBytes());
                encoded.matrix.extendColumn(column);
                assertArrayEquals(encoded.column(line), column.toArray(ValueLayout.JAVA_BYTE), "column " + line);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 10, 31, 100, 192})
    void rowsBeforeColumnsGiveTheSameMatrixAsColumnsBeforeRows(int shards) {
        Random random = Seed.random("BlobMatrixTest");
        try (Arena arena = Arena.ofConfined()) {
            Encoded encoded = new Encoded(arena, random, shards, fullLengthBytes(shards));
            Geometry geometry = encoded.matrix.geometry();
            int lineBytes = (int) geometry.lineBytes(SYMBOL_SIZE_BYTES);
            MemorySegment rows = arena.allocate((long) geometry.sourceRows() * lineBytes);
            for (int row = 0; row < geometry.sourceRows(); row++) {
                MemorySegment line = rows.asSlice((long) row * lineBytes, lineBytes);
                int sliverBytes = encoded.primaryBytes();
                MemorySegment.copy(encoded.blob, row * sliverBytes, line, ValueLayout.JAVA_BYTE, 0, sliverBytes);
                encoded.matrix.extendRow(line);
            }
            MemorySegment line = arena.allocate(lineBytes);
            for (int column = 0; column < shards; column++) {
                for (int row = 0; row < geometry.sourceRows(); row++) {
                    long offset = (long) row * lineBytes + (long) column * SYMBOL_SIZE_BYTES;
                    MemorySegment.copy(rows, offset, line, (long) row * SYMBOL_SIZE_BYTES, SYMBOL_SIZE_BYTES);
                }
                encoded.matrix.extendColumn(line);
                assertArrayEquals(encoded.column(column), line.toArray(ValueLayout.JAVA_BYTE), "column " + column);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 10, 31, 100})
    void stripsInAnyOrderGiveTheWholeMatrixAndTouchNothingElse(int shards) {
        Random random = Seed.random("BlobMatrixTest");
        Geometry geometry = new Geometry(shards);
        int symbolBytes = 64 * (1 + random.nextInt(shards > 31 ? 4 : 40));
        BlobMatrix matrix = new BlobMatrix(geometry, symbolBytes);
        long paddedBytes = geometry.paddedBlobBytes(symbolBytes);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment blob = arena.allocate(paddedBytes - random.nextInt(1 + (int) paddedBytes / 2));
            for (long i = 0; i < blob.byteSize(); i++) {
                blob.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
            }
            MemorySegment expected = arena.allocate(geometry.matrixBytes(symbolBytes));
            matrix.encode(blob, expected);
            MemorySegment found = arena.allocate(expected.byteSize()).fill((byte) 0x33);
            int cut = 64 * random.nextInt(symbolBytes / 64);
            matrix.encodeStrip(blob, found, cut, symbolBytes - cut);
            for (int symbol = 0; symbol < shards * shards; symbol++) {
                for (int i = 0; i < cut; i++) {
                    assertEquals((byte) 0x33, found.get(ValueLayout.JAVA_BYTE, (long) symbol * symbolBytes + i));
                }
            }
            for (int first = 0; first < cut; first += 64) {
                matrix.encodeStrip(blob, found, first, 64);
            }
            assertEquals(-1, expected.mismatch(found));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 64})
    void severalThreadsGiveTheMatrixOfOne(int threads) {
        Random random = Seed.random("BlobMatrixTest");
        Geometry geometry = new Geometry(10);
        int symbolBytes = 64 * (1 + random.nextInt(60));
        BlobMatrix matrix = new BlobMatrix(geometry, symbolBytes);
        byte[] blob = new byte[(int) geometry.paddedBlobBytes(symbolBytes)];
        random.nextBytes(blob);
        try (Arena arena = Arena.ofShared();
                ExecutorService executor = Executors.newFixedThreadPool(2)) {
            MemorySegment expected = arena.allocate(geometry.matrixBytes(symbolBytes));
            MemorySegment found = arena.allocate(expected.byteSize());
            matrix.encode(MemorySegment.ofArray(blob), expected);
            matrix.encode(MemorySegment.ofArray(blob), found, threads, executor);
            assertEquals(-1, expected.mismatch(found));
            matrix.encode(MemorySegment.ofArray(blob), found.fill((byte) 0), threads, Runnable::run);
            assertEquals(-1, expected.mismatch(found));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 10, 31, 100, 192})
    void whatTheBlobLacksCountsAsZeros(int shards) {
        Random random = Seed.random("BlobMatrixTest");
        Geometry geometry = new Geometry(shards);
        int sliverBytes = (int) geometry.primarySliverBytes(SYMBOL_SIZE_BYTES);
        int paddedBytes = fullLengthBytes(shards);
        for (int lengthBytes : new int[] {
            1,
            SYMBOL_SIZE_BYTES - 1,
            SYMBOL_SIZE_BYTES,
            SYMBOL_SIZE_BYTES + 1,
            sliverBytes - 1,
            sliverBytes,
            sliverBytes + 1,
            paddedBytes - sliverBytes,
            paddedBytes - 1,
            paddedBytes
        }) {
            try (Arena arena = Arena.ofConfined()) {
                Encoded encoded = new Encoded(arena, random, shards, lengthBytes);
                MemorySegment padded = MemorySegment.ofArray(Arrays.copyOf(encoded.blob, paddedBytes));
                MemorySegment expected = arena.allocate(encoded.bytes.byteSize());
                encoded.matrix.encode(padded, expected);
                assertEquals(-1, expected.mismatch(encoded.bytes), "length " + lengthBytes);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 10, 31, 100, 192})
    void anySourceRowsManyPrimariesRebuildTheBlob(int shards) throws TooFewShardsException {
        Random random = Seed.random("BlobMatrixTest");
        for (int lengthBytes : lengthsAroundSymbolBoundaries(shards, random)) {
            try (Arena arena = Arena.ofConfined()) {
                Encoded encoded = new Encoded(arena, random, shards, lengthBytes);
                int[] rows = distinct(random, shards, encoded.matrix.geometry().sourceRows());
                MemorySegment[] slivers = new MemorySegment[rows.length];
                for (int i = 0; i < rows.length; i++) {
                    slivers[i] = encoded.primary(rows[i]);
                }
                MemorySegment decoded = arena.allocate(fullLengthBytes(shards));
                encoded.matrix.decodeFromPrimaries(rows, slivers, decoded.fill((byte) 0x5A));
                assertBlob(encoded.blob, decoded, Arrays.toString(rows));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 10, 31, 100, 192})
    void anySourceColumnsManySecondariesRebuildTheBlob(int shards) throws TooFewShardsException {
        Random random = Seed.random("BlobMatrixTest");
        for (int lengthBytes : lengthsAroundSymbolBoundaries(shards, random)) {
            try (Arena arena = Arena.ofConfined()) {
                Encoded encoded = new Encoded(arena, random, shards, lengthBytes);
                int[] columns = distinct(random, shards, encoded.matrix.geometry().sourceColumns());
                MemorySegment[] slivers = new MemorySegment[columns.length];
                for (int i = 0; i < columns.length; i++) {
                    slivers[i] = arena.allocate(encoded.secondaryBytes());
                    encoded.matrix.copySecondarySliver(encoded.bytes, columns[i], slivers[i]);
                    byte[] expected = Arrays.copyOf(encoded.column(columns[i]), encoded.secondaryBytes());
                    assertArrayEquals(expected, slivers[i].toArray(ValueLayout.JAVA_BYTE));
                }
                MemorySegment decoded = arena.allocate(fullLengthBytes(shards));
                encoded.matrix.decodeFromSecondaries(columns, slivers, decoded.fill((byte) 0x5A));
                assertBlob(encoded.blob, decoded, Arrays.toString(columns));
            }
        }
    }

    @Test
    void whatIsMoreThanEnoughIsIgnoredEvenIfItIsWrong() throws TooFewShardsException {
        Random random = Seed.random("BlobMatrixTest");
        try (Arena arena = Arena.ofConfined()) {
            Encoded encoded = new Encoded(arena, random, 10, fullLengthBytes(10));
            int[] all = IntStream.range(0, 10).toArray();
            MemorySegment wrong = arena.allocate(encoded.primaryBytes()).fill((byte) 0x77);
            MemorySegment[] slivers = new MemorySegment[10];
            for (int row = 0; row < 10; row++) {
                boolean used = row < encoded.matrix.geometry().sourceRows();
                slivers[row] = used ? encoded.primary(row) : wrong;
            }
            MemorySegment decoded = arena.allocate(fullLengthBytes(10));
            encoded.matrix.decodeFromPrimaries(all, slivers, decoded);
            assertBlob(encoded.blob, decoded, "all rows");
            MemorySegment[] symbols = encoded.symbols(encoded.row(3), all);
            symbols[9] = arena.allocate(SYMBOL_SIZE_BYTES).fill((byte) 0x77);
            MemorySegment row = arena.allocate(encoded.row(3).length);
            encoded.matrix.recoverRow(all, symbols, row);
            assertArrayEquals(encoded.row(3), row.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 10, 31, 100, 192})
    void anyEnoughSymbolsRebuildTheirRowOrColumn(int shards) throws TooFewShardsException {
        Random random = Seed.random("BlobMatrixTest");
        try (Arena arena = Arena.ofConfined()) {
            Encoded encoded = new Encoded(arena, random, shards, fullLengthBytes(shards));
            Geometry geometry = encoded.matrix.geometry();
            MemorySegment line = arena.allocate(geometry.lineBytes(SYMBOL_SIZE_BYTES));
            for (int trial = 0; trial < 10; trial++) {
                int index = random.nextInt(shards);
                int extra = random.nextInt(3);
                int[] columns = distinct(random, shards, Math.min(shards, geometry.sourceColumns() + extra));
                MemorySegment[] ofRow = encoded.symbols(encoded.row(index), columns);
                encoded.matrix.recoverRow(columns, ofRow, line.fill((byte) 0x5A));
                assertArrayEquals(encoded.row(index), line.toArray(ValueLayout.JAVA_BYTE), Arrays.toString(columns));
                int[] rows = distinct(random, shards, geometry.sourceRows() + extra);
                MemorySegment[] ofColumn = encoded.symbols(encoded.column(index), rows);
                encoded.matrix.recoverColumn(rows, ofColumn, line.fill((byte) 0x5A));
                assertArrayEquals(encoded.column(index), line.toArray(ValueLayout.JAVA_BYTE), Arrays.toString(rows));
            }
        }
    }

    private static int fullLengthBytes(int shards) {
        return (int) new Geometry(shards).paddedBlobBytes(SYMBOL_SIZE_BYTES);
    }

    private static int[] lengthsAroundSymbolBoundaries(int shards, Random random) {
        int fullLengthBytes = fullLengthBytes(shards);
        int boundary = SYMBOL_SIZE_BYTES * (1 + random.nextInt(fullLengthBytes / SYMBOL_SIZE_BYTES - 1));
        return new int[] {1, boundary - 1, boundary, boundary + 1, fullLengthBytes - 1, fullLengthBytes};
    }

    private static void clearAfter(MemorySegment line, long offset) {
        line.asSlice(offset).fill((byte) 0x5A);
    }

    /** Indices in random order. */
    private static int[] distinct(Random random, int shards, int count) {
        List<Integer> all = IntStream.range(0, shards).boxed().collect(Collectors.toList());
        Collections.shuffle(all, random);
        return all.subList(0, count).stream().mapToInt(Integer::intValue).toArray();
    }

    private static void assertBlob(byte[] blob, MemorySegment decoded, String message) {
        byte[] expected = Arrays.copyOf(blob, Math.toIntExact(decoded.byteSize()));
        assertEquals(-1, MemorySegment.ofArray(expected).mismatch(decoded), message);
    }

    /** A random blob and its matrix. */
    private static final class Encoded {
        private final BlobMatrix matrix;
        private final byte[] blob;
        private final MemorySegment bytes;

        private Encoded(Arena arena, Random random, int shards, int lengthBytes) {
            matrix = new BlobMatrix(new Geometry(shards), SYMBOL_SIZE_BYTES);
            blob = Seed.bytes(random, lengthBytes);
            bytes = arena.allocate(matrix.geometry().matrixBytes(SYMBOL_SIZE_BYTES)).fill((byte) 0x5A);
            matrix.encode(MemorySegment.ofArray(blob), bytes);
        }

        private int primaryBytes() {
            return (int) matrix.geometry().primarySliverBytes(SYMBOL_SIZE_BYTES);
        }

        private int secondaryBytes() {
            return (int) matrix.geometry().secondarySliverBytes(SYMBOL_SIZE_BYTES);
        }

        private MemorySegment primary(int row) {
            return bytes.asSlice(row * matrix.geometry().lineBytes(SYMBOL_SIZE_BYTES), primaryBytes());
        }

        private byte[] row(int row) {
            long lineBytes = matrix.geometry().lineBytes(SYMBOL_SIZE_BYTES);
            return bytes.asSlice(row * lineBytes, lineBytes).toArray(ValueLayout.JAVA_BYTE);
        }

        private byte[] column(int column) {
            int shards = matrix.geometry().shards();
            byte[] line = new byte[shards * SYMBOL_SIZE_BYTES];
            for (int row = 0; row < shards; row++) {
                long offset = ((long) row * shards + column) * SYMBOL_SIZE_BYTES;
                MemorySegment.copy(
                        bytes, ValueLayout.JAVA_BYTE, offset, line, row * SYMBOL_SIZE_BYTES, SYMBOL_SIZE_BYTES);
            }
            return line;
        }

        private MemorySegment[] symbols(byte[] line, int[] indices) {
            return IntStream.of(indices)
                    .mapToObj(i -> MemorySegment.ofArray(line).asSlice((long) i * SYMBOL_SIZE_BYTES, SYMBOL_SIZE_BYTES))
                    .toArray(MemorySegment[]::new);
        }
    }
}
