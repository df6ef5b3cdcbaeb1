package dev.moraine.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.moraine.testing.Seed;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Matrices on bit planes against the same by scalar code, one code after the other. */
class PlaneMatrixTest {
    private static final int MIN_SHARDS = 7;

    /** Above it the codes of a geometry have more factors than there are kernels for. */
    private static final int MAX_SHARDS = 51;

    @BeforeEach
    void needsVectors() {
        assumeFalse(ReedSolomon.kernelName().equals("scalar"), "planes are vectors, and there are none here");
    }

    static IntStream geometries() {
        if (ReedSolomon.kernelName().equals("scalar")) {
            return IntStream.of(MIN_SHARDS);
        }
        // At 512 bits the planes of the largest of them do not fit in a workspace.
        return IntStream.rangeClosed(MIN_SHARDS, MAX_SHARDS)
                .filter(shards -> shards < MAX_SHARDS || PlaneMatrix.of(new Geometry(shards), 64) != null);
    }

    @ParameterizedTest
    @MethodSource("geometries")
    void matricesOnPlanesEqualThoseOfTheScalarCode(int shards) {
        Random random = Seed.random("PlaneMatrixTest");
        Geometry geometry = new Geometry(shards);
        int shortSymbol = 64 * (1 + random.nextInt(8));
        int longSymbol = 64 * (9 + random.nextInt(10));
        for (int symbolBytes : shards % 6 == 1 ? new int[] {shortSymbol, longSymbol} : new int[] {shortSymbol}) {
            PlaneMatrix planes = existing(PlaneMatrix.of(geometry, symbolBytes));
            int paddedBytes = (int) geometry.paddedBlobBytes(symbolBytes);
            byte[] blob = new byte[paddedBytes - random.nextInt(paddedBytes)];
            random.nextBytes(blob);
            byte[] expected = scalarMatrix(geometry, symbolBytes, blob);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment matrix = arena.allocate(expected.length + 8).asSlice(random.nextInt(8), expected.length);
                planes.encode(arena.allocateFrom(ValueLayout.JAVA_BYTE, blob), matrix, 0, symbolBytes);
                assertArrayEquals(expected, matrix.toArray(ValueLayout.JAVA_BYTE), "symbols of " + symbolBytes);
                matrix.fill((byte) 0);
                int cut = 64 * random.nextInt(symbolBytes / 64);
                planes.encode(MemorySegment.ofArray(blob), matrix, cut, symbolBytes - cut);
                if (cut > 0) {
                    planes.encode(MemorySegment.ofArray(blob), matrix, 0, cut);
                }
                assertArrayEquals(expected, matrix.toArray(ValueLayout.JAVA_BYTE), "strips cut at " + cut);
            }
        }
    }

    @Test
    void stripsKeepToTheirBytesOfEverySymbol() {
        Random random = Seed.random("PlaneMatrixTest");
        Geometry geometry = new Geometry(13);
        int symbolBytes = 64 * 40;
        PlaneMatrix planes = existing(PlaneMatrix.of(geometry, symbolBytes));
        byte[] blob = new byte[(int) geometry.paddedBlobBytes(symbolBytes)];
        random.nextBytes(blob);
        byte[] expected = scalarMatrix(geometry, symbolBytes, blob);
        byte[] matrix = new byte[expected.length];
        for (int trial = 0; trial < 20; trial++) {
            random.nextBytes(matrix);
            byte[] before = matrix.clone();
            int first = 64 * random.nextInt(40);
            int end = first + 64 * (1 + random.nextInt((symbolBytes - first) / 64));
            planes.encode(MemorySegment.ofArray(blob), MemorySegment.ofArray(matrix), first, end - first);
            for (int i = 0; i < matrix.length; i++) {
                int position = i % symbolBytes;
                byte wanted = position >= first && position < end ? expected[i] : before[i];
                assertEquals(wanted, matrix[i]);
            }
        }
    }

    @Test
    void geometriesWithoutKernelsHaveNoPlanes() {
        for (int shards : new int[] {4, 5, 6, 52, 100, 192}) {
            assertNull(PlaneMatrix.of(new Geometry(shards), 512), "n = " + shards);
        }
    }

    private static PlaneMatrix existing(@Nullable PlaneMatrix planes) {
        assertNotNull(planes);
        return planes;
    }

    private static byte[] scalarMatrix(Geometry geometry, int symbolBytes, byte[] blob) {
        int shards = geometry.shards();
        int lineBytes = (int) geometry.lineBytes(symbolBytes);
        int rowBytes = (int) geometry.primarySliverBytes(symbolBytes);
        byte[] matrix = new byte[(int) geometry.matrixBytes(symbolBytes)];
        for (int at = 0; at < blob.length; at += rowBytes) {
            System.arraycopy(blob, at, matrix, at / rowBytes * lineBytes, Math.min(rowBytes, blob.length - at));
        }
        ScalarKernel scalar = new ScalarKernel();
        MemorySegment memory = MemorySegment.ofArray(matrix);
        ShardMemory columns = ShardMemory.in(memory, lineBytes, symbolBytes, geometry.sourceColumns(), symbolBytes);
        scalar.prepareEncoding(new CodePoints(geometry.sourceRows(), shards)).apply(columns, columns);
        ShardMemory rows = ShardMemory.in(memory, symbolBytes, symbolBytes, shards, lineBytes);
        scalar.prepareEncoding(new CodePoints(geometry.sourceColumns(), shards)).apply(rows, rows);
        return matrix;
    }
}
