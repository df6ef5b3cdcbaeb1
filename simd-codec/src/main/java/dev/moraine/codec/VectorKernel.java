package dev.moraine.codec;

import org.jspecify.annotations.Nullable;

/**
 * The kernel of the Vector API, for the one width that the process runs at. It picks matrix or transform by what each
 * costs; the weights were measured, see {@code docs/decisions/codec-kernels.md}.
 *
 * <p>Thread-safe.
 */
final class VectorKernel implements CodecKernel {
    /** What {@link TransformEncoding#cost} counts for a coefficient of a matrix. */
    private static final int COEFFICIENT = 5;

    /** Cost of a row and layer of a recovery by transforms, in coefficients of a matrix. */
    private static final int RECOVERY_ROW_LAYER = 2;

    @Override
    public String name() {
        return Integer.toString(VectorWidth.SPECIES.vectorBitSize());
    }

    @Override
    public PreparedMap prepare(LinearMap map) {
        return new MatrixMap(map);
    }

    @Override
    public PreparedMap prepareEncoding(CodePoints points) {
        int dataShards = points.dataShards();
        int parityShards = points.totalShards() - dataShards;
        return TransformEncoding.cost(dataShards, parityShards) < COEFFICIENT * dataShards * parityShards
                ? new TransformEncoding(dataShards, parityShards)
                : prepare(points.encoding());
    }

    @Override
    public PreparedMap prepareRecovery(CodePoints points, int[] sources, int[] targets) {
        int rows = TransformRecovery.rows(points);
        int transformCost = RECOVERY_ROW_LAYER * rows * Integer.numberOfTrailingZeros(rows);
        return transformCost < sources.length * targets.length
                ? new TransformRecovery(points, sources, targets)
                : prepare(points.mapping(sources, targets));
    }

    @Override
    public @Nullable PlaneMatrix prepareMatrix(Geometry geometry, int symbolSizeBytes) {
        return PlaneMatrix.of(geometry, symbolSizeBytes);
    }
}
