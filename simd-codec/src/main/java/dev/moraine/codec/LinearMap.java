package dev.moraine.codec;

/**
 * How some shards of a codeword follow from others: every target is the sum of the sources, each times its coefficient.
 *
 * <p>Immutable once made: nobody writes to the arrays that it hands out.
 */
final class LinearMap {
    private final int[] sources;
    private final int[] targets;
    private final byte[] coefficients;

    /**
     * Takes ownership of the arrays.
     *
     * @param sources indices of the shards that are read, ascending
     * @param targets indices of the shards that are written, ascending, none of them a source
     * @param coefficients field elements, {@code targets.length} rows of {@code sources.length}
     */
    LinearMap(int[] sources, int[] targets, byte[] coefficients) {
        this.sources = sources;
        this.targets = targets;
        this.coefficients = coefficients;
    }

    /** Indices of the shards that are read, ascending. */
    int[] sources() {
        return sources;
    }

    /** Indices of the shards that are written, ascending. */
    int[] targets() {
        return targets;
    }

    /**
     * The coefficient of one source in one target.
     *
     * @param target position in {@link #targets()}
     * @param source position in {@link #sources()}
     * @return a field element from 0 to 255
     */
    int coefficient(int target, int source) {
        return coefficients[target * sources.length + source] & 0xFF;
    }

    /** All coefficients, {@code targets().length} rows of {@code sources().length}. */
    byte[] coefficients() {
        return coefficients;
    }
}
