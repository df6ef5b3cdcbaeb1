package dev.moraine.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moraine.testing.Seed;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel of this process gives the bytes of the scalar one. */
class KernelEqualityTest {
    private final CodecKernel kernel = KernelChoice.kernelAtStart();
    private final ScalarKernel scalar = new ScalarKernel();
    private final Random random = Seed.random("KernelEqualityTest");

    @Test
    void everyShapeOfEveryGeometryIsEncodedAlike() {
        for (int shards = Geometry.MIN_SHARDS; shards <= Geometry.MAX_SHARDS; shards++) {
            Geometry geometry = new Geometry(shards);
            checkEncoding(geometry.sourceRows(), shards, 64, 64);
            checkEncoding(geometry.sourceColumns(), shards, 192, 64);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 8, 9, 16, 17, 31, 32, 33, 64, 65, 100, 127, 128})
    void everyNumberOfParityShardsIsEncodedAlike(int parityShards) {
        int maxDataShards = 256 - Integer.highestOneBit(2 * parityShards - 1);
        for (int dataShards : new int[] {1, 2, 3, parityShards, 2 * parityShards + 1, maxDataShards}) {
            if (dataShards <= maxDataShards) {
                checkEncoding(dataShards, dataShards + parityShards, 128, 128);
            }
        }
    }

    @Test
    void everyLengthAndAddressIsEncodedAlike() {
        for (int[] shape : new int[][] {{1, 2}, {3, 7}, {10, 14}, {21, 31}, {34, 100}, {129, 192}}) {
            for (int strips : new int[] {1, 2, 13, 14, 15, 16, 62, 63, 64, 127}) {
                checkEncoding(shape[0], shape[1], strips * 64, strips * 64);
                checkEncoding(shape[0], shape[1], strips * 64, 64);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9, 10})
    void everyPatternOfLossesOfSmallCodesIsRebuiltAlike(int shards) {
        for (int dataShards = 1; dataShards < shards; dataShards++) {
            for (int lost = 1; lost < 1 << shards; lost++) {
                if (Integer.bitCount(lost) <= shards - dataShards) {
                    checkRecovery(dataShards, shards, BitSet.valueOf(new long[] {lost}), 64);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3,7", "5,7", "10,14", "11,31", "21,31", "34,100", "67,100", "66,192", "129,192", "128,256",
        "1,129", "255,256", "240,256", "200,232"})
    void sampledPatternsOfLossesAreRebuiltAlike(String shape) {
        int[] counts = Arrays.stream(shape.split(",")).mapToInt(Integer::parseInt).toArray();
        int parityShards = counts[1] - counts[0];
        checkRecovery(counts[0], counts[1], bits(0, Math.min(counts[0], parityShards)), 1088);
        checkRecovery(counts[0], counts[1], bits(counts[0], counts[1]), 64);
        for (int trial = 0; trial < 6; trial++) {
            int losses = trial % 2 == 0 ? parityShards : 1 + random.nextInt(parityShards);
            BitSet lost = new BitSet();
            random.ints(0, counts[1]).distinct().limit(losses).forEach(lost::set);
            checkRecovery(counts[0], counts[1], lost, 64 * (1 + random.nextInt(20)));
        }
    }

    private void checkEncoding(int dataShards, int shards, int shardBytes, int runBytes) {
        CodePoints points = new CodePoints(dataShards, shards);
        int[] sources = IntStream.range(0, dataShards).toArray();
        int[] targets = IntStream.range(dataShards, shards).toArray();
        for (CodecKernel.PreparedMap encoding : encodings(points)) {
            check(points, encoding, sources, targets, shardBytes, runBytes);
        }
    }

    /** Takes k random shards of those that are left. */
    private void checkRecovery(int dataShards, int shards, BitSet lost, int shardBytes) {
        CodePoints points = new CodePoints(dataShards, shards);
        int[] sources = random.ints(0, shards)
                .filter(shard -> !lost.get(shard))
                .distinct()
                .limit(dataShards)
                .sorted()
                .toArray();
        int[] targets = lost.stream().toArray();
        for (CodecKernel.PreparedMap recovery : recoveries(points, sources, targets)) {
            check(points, recovery, sources, targets, shardBytes, 64);
        }
    }

    /** Every way that the kernel knows, whichever it would choose. */
    private List<CodecKernel.PreparedMap> encodings(CodePoints points) {
        if (kernel instanceof ScalarKernel) {
            return List.of(kernel.prepareEncoding(points));
        }
        return List.of(
                new TransformEncoding(points.dataShards(), points.totalShards() - points.dataShards()),
                new MatrixMap(points.encoding()));
    }

    private List<CodecKernel.PreparedMap> recoveries(CodePoints points, int[] sources, int[] targets) {
        if (kernel instanceof ScalarKernel) {
            return List.of(kernel.prepareRecovery(points, sources, targets));
        }
        return List.of(
                new TransformRecovery(points, sources, targets), new MatrixMap(points.mapping(sources, targets)));
    }

    /** Applies a map to random shards that lie at an odd address, in runs with gaps between them. */
    private void check(
            CodePoints points,
            CodecKernel.PreparedMap map,
            int[] sources,
            int[] targets,
            int shardBytes,
            int runBytes) {
        int shards = points.totalShards();
        int runs = shardBytes / runBytes;
        int stride = runBytes + 3;
        long allBytes = (long) shards * runs * stride + 1;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment actual = arena.allocate(allBytes);
            MemorySegment.copy(
                    MemorySegment.ofArray(Seed.bytes(random, (int) allBytes)), 0, actual, 0, allBytes);
            MemorySegment expected = arena.allocate(allBytes).copyFrom(actual);
            ShardMemory actualShards =
                    ShardMemory.in(actual.asSlice(1), (long) runs * stride, runBytes, runs, stride);
            ShardMemory expectedShards =
                    ShardMemory.in(expected.asSlice(1), (long) runs * stride, runBytes, runs, stride);
            scalar.prepare(points.mapping(sources, targets)).apply(expectedShards, expectedShards);
            map.apply(actualShards, actualShards);
            assertEquals(
                    -1,
                    expected.mismatch(actual),
                    () -> "from " + Arrays.toString(sources) + " to " + Arrays.toString(targets) + ", " + runs
                            + " runs of " + runBytes);
        }
    }

    private static BitSet bits(int first, int end) {
        BitSet bits = new BitSet();
        bits.set(first, end);
        return bits;
    }
}
