package dev.moraine.sampling.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.testing.Seed;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Symbols of a line are those of the matrix, however many are asked for. */
class HeldLineTest {
    private static final int SHARDS = 31;
    private static final int LINE = 17;

    private final Random random = Seed.random("HeldLineTest");
    private final Geometry geometry = new Geometry(SHARDS);
    private final EncodedBlob blob = new EncodedBlob(geometry, Seed.bytes(random, 100_000));
    private final int symbolBytes = blob.header().symbolSizeBytes();

    @ParameterizedTest
    @EnumSource(Axis.class)
    void everySymbolIsThatOfTheMatrixInAnyOrder(Axis axis) {
        HeldLine line = line(axis);
        for (int trial = 0; trial < 4 * SHARDS; trial++) {
            assertSymbol(line, axis, random.nextInt(SHARDS));
        }
        line.release();
    }

    @ParameterizedTest
    @EnumSource(Axis.class)
    void theWholeLineIsExtendedWhenOneMoreSymbolThanTheLimitIsWanted(Axis axis) {
        HeldLine line = line(axis);
        assertSymbol(line, axis, 0);
        assertEquals(0, line.computedBytes());
        for (int single = 1; single <= HeldLine.MAX_SINGLE_SYMBOLS; single++) {
            for (int repeat = 0; repeat < 10; repeat++) {
                assertSymbol(line, axis, SHARDS - single);
            }
            assertEquals(symbolBytes, line.computedBytes());
        }
        assertSymbol(line, axis, SHARDS - HeldLine.MAX_SINGLE_SYMBOLS - 1);
        long wholeBytes = geometry.lineBytes(symbolBytes);
        assertEquals(symbolBytes + wholeBytes, line.computedBytes());
        assertSymbol(line, axis, SHARDS - 1);
        assertEquals(symbolBytes + wholeBytes, line.computedBytes());
        line.release();
    }

    private HeldLine line(Axis axis) {
        return new HeldLine(
                new BlobMatrix(geometry, symbolBytes),
                axis,
                axis == Axis.ROW ? blob.primary(LINE) : blob.secondary(LINE));
    }

    private void assertSymbol(HeldLine line, Axis axis, int index) {
        byte[] expected = axis == Axis.ROW ? blob.symbol(LINE, index) : blob.symbol(index, LINE);
        assertArrayEquals(expected, line.symbol(index).toArray(ValueLayout.JAVA_BYTE), axis + " " + index);
    }
}
