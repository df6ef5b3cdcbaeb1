package dev.moraine.benchmarks.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.benchmarks.report.Ratio;
import dev.moraine.benchmarks.report.Row;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ratios from rows that are known. */
class CodecBarsTest {
    private static final String SMALL = CodecBars.params(10, 4, 1, 1);
    private static final String LARGE = CodecBars.params(10, 4, 64, 1);

    private final List<Row> rows = new ArrayList<>();

    @Test
    void everyShapeAndSizeCountsAgainstTheCoderOfWalrus() {
        add(CodecBars.ENCODE, CodecBars.MORAINE, SMALL, 8);
        add(CodecBars.ENCODE, "reed-solomon-simd", SMALL, 2);
        add(CodecBars.ENCODE, CodecBars.MORAINE, LARGE, 1);
        add(CodecBars.ENCODE, "reed-solomon-simd", LARGE, 2);
        assertEquals(0.5, ratio("encode, least over reed-solomon-simd").value(), 1e-9);
        assertEquals(Math.sqrt(2), ratio("encode, geometric mean over reed-solomon-simd").value(), 1e-9);
        assertFalse(ratio("encode, least").reachesBar());
        assertTrue(ratio("encode, geometric mean over reed-solomon-simd").reachesBar());
    }

    @Test
    void theBestPeerIsTheBestAtEachShape() {
        add(CodecBars.RECONSTRUCT, CodecBars.MORAINE, SMALL, 4);
        add(CodecBars.RECONSTRUCT, "reed-solomon-simd", SMALL, 1);
        add(CodecBars.RECONSTRUCT, "isa-l", SMALL, 16);
        add(CodecBars.RECONSTRUCT, CodecBars.MORAINE, LARGE, 4);
        add(CodecBars.RECONSTRUCT, "reed-solomon-simd", LARGE, 4);
        add(CodecBars.RECONSTRUCT, "isa-l", LARGE, 1);
        assertEquals(0.5, ratio("reconstruct, geometric mean over the best of 2 peers").value(), 1e-9);
    }

    @Test
    void twoThreadsAreReportedAndNotCounted() {
        add(CodecBars.ENCODE, CodecBars.MORAINE, CodecBars.params(10, 4, 1, 2), 1);
        add(CodecBars.ENCODE, "reed-solomon-simd", CodecBars.params(10, 4, 1, 2), 2);
        assertEquals(List.of(), CodecBars.of(rows));
    }

    @Test
    void oneLostShardIsComparedWithOneRowOfTheMatrix() {
        rows.add(Row.of(CodecBars.RECONSTRUCT_ONE, CodecBars.MORAINE, SMALL, "GB/s", new double[] {1, 9.5, 2}));
        rows.add(Row.of(CodecBars.MATRIX_ROW, CodecBars.MORAINE, SMALL, "GB/s", new double[] {3, 10, 3}));
        assertEquals(1, ratio("reconstruct of one lost shard").value(), 1e-9);
    }

    @Test
    void atLargeSizesEitherTheCostOrTheMemoryDecides() {
        add(CodecBars.ENCODE, CodecBars.MORAINE, SMALL, 9);
        add(CodecBars.ENCODE, CodecBars.MORAINE, LARGE, 5);
        add(CodecBars.copyBeside(CodecBars.ENCODE), CodecBars.MORAINE, LARGE, 5);
        double byMemory = 5 * 1.4 / (2 * 5) / 0.7;
        assertEquals(Math.max(5 * 1.5 / 9, byMemory), ratio("encode at 64 MiB").value(), 1e-9);
    }

    @Test
    void theMatrixOfThirtyOneShardsAndTheMemoryOfAThreadHaveBars() {
        add(CodecBars.BLOB_MATRIX, CodecBars.MORAINE, CodecBars.matrixParams(31, 1, 1), 3.3);
        add(CodecBars.BLOB_MATRIX, CodecBars.MORAINE, CodecBars.matrixParams(7, 1, 1), 9);
        add(CodecBars.MEMORY, CodecBars.MORAINE, SMALL, 128);
        add(CodecBars.MEMORY, CodecBars.MORAINE, CodecBars.matrixParams(31, 1, 1), 512);
        assertEquals(1.1, ratio("blob matrix n=31").value(), 1e-9);
        assertEquals(2, ratio("memory of a thread").value(), 1e-9);
    }

    private void add(String what, String who, String params, double value) {
        rows.add(Row.of(what, who, params, "GB/s", new double[] {value}));
    }

    private Ratio ratio(String start) {
        return CodecBars.of(rows).stream()
                .filter(ratio -> ratio.name().startsWith(start))
                .findFirst()
                .orElseThrow();
    }
}
