package dev.moraine.codec;

/**
 * The kernel of the Vector API, for the one width that the process runs at.
 *
 * <p>Thread-safe.
 */
final class VectorKernel implements CodecKernel {
    @Override
    public String name() {
        return Integer.toString(VectorWidth.SPECIES.vectorBitSize());
    }

    @Override
    public PreparedMap prepare(LinearMap map) {
        return new MatrixMap(map);
    }
}
