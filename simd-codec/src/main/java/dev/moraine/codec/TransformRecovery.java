package dev.moraine.codec;

import dev.moraine.codec.field.CantorField;
import java.lang.foreign.MemorySegment;

/**
 * Recovery of many shards by transforms, after S.-J. Lin, T. Y. Al-Naffouri and Y. S. Han, "FFT algorithm for binary
 * extension finite fields and its application to Reed-Solomon codes" (2016). A codeword is values of a polynomial c;
 * with the polynomial Λ whose roots are the points of the shards that are not read, the values of {@code c·Λ} are known
 * everywhere, so its coefficients are, and so are those of its derivative {@code c′·Λ + c·Λ′}: at a root of Λ that is
 * {@code c·Λ′}. Costs depend little on how many shards are recovered.
 *
 * <p>Immutable and thread-safe.
 */
final class TransformRecovery implements CodecKernel.PreparedMap {
    private final int[] sources;
    private final int[] sourceRows;
    private final int[] sourceFactors;
    private final int[] targets;
    private final int[] targetRows;
    private final int[] targetFactors;
    private final int rows;
    private final int sourceBlocks;
    private final int targetBlocks;
    private final int stripBytes;

    /**
     * Prepares a recovery.
     *
     * @param points the code
     * @param sources as many shards as the code has data shards
     * @param targets shards other than the sources
     */
    TransformRecovery(CodePoints points, int[] sources, int[] targets) {
        this.sources = sources;
        this.targets = targets;
        rows = rows(points);
        boolean[] erased = new boolean[CantorField.SIZE];
        for (int point = 0; point < points.endPoint(); point++) {
            erased[point] = true;
        }
        sourceRows = points.pointsOf(sources);
        targetRows = points.pointsOf(targets);
        for (int row : sourceRows) {
            erased[row] = false;
        }
        int[] locator = ErasureLocator.values(erased);
        sourceFactors = new int[sources.length];
        for (int source = 0; source < sources.length; source++) {
            sourceFactors[source] = locator[sourceRows[source]];
        }
        targetFactors = new int[targets.length];
        for (int target = 0; target < targets.length; target++) {
            targetFactors[target] = CantorField.inverse(locator[targetRows[target]]);
        }
        sourceBlocks = blocksOf(sourceRows);
        targetBlocks = blocksOf(targetRows);
        stripBytes = Workspace.stripBytes(rows);
    }

    /**
     * The length of the transforms.
     *
     * @param points the code
     * @return a power of two that holds all its points
     */
    static int rows(CodePoints points) {
        return Integer.highestOneBit(2 * points.endPoint() - 1);
    }

    @Override
    public void apply(ShardMemory sourceMemory, ShardMemory targetMemory) {
        MemorySegment strips = Workspace.ofThread().strips();
        long shardBytes = sourceMemory.shardBytes();
        for (long position = 0; position < shardBytes; position += stripBytes) {
            int rowBytes = (int) Math.min(stripBytes, shardBytes - position);
            Butterflies.clear(strips, 0, rows * rowBytes);
            for (int source = 0; source < sources.length; source++) {
                long at = (long) sourceRows[source] * rowBytes;
                sourceMemory.read(sources[source], position, strips, at, rowBytes);
                Butterflies.scale(strips, at, rowBytes, sourceFactors[source]);
            }
            StripTransform.inverse(strips, 0, rows, rowBytes, 0, sourceBlocks, rows, StripTransform.IN_PLACE);
            StripTransform.derive(strips, 0, rows, rowBytes);
            StripTransform.forward(strips, 0, rows, rowBytes, 0, targetBlocks, rows);
            for (int target = 0; target < targets.length; target++) {
                long at = (long) targetRows[target] * rowBytes;
                Butterflies.scale(strips, at, rowBytes, targetFactors[target]);
                targetMemory.write(targets[target], position, strips, at, rowBytes);
            }
        }
    }

    private static int blocksOf(int[] rows) {
        int blocks = 0;
        for (int row : rows) {
            blocks |= 1 << (row / StripTransform.BLOCK_ROWS);
        }
        return blocks;
    }
}
