package dev.moraine.codec;

import org.jspecify.annotations.Nullable;

/**
 * The seam between the code and the machine: what turns a {@link LinearMap} into loops over memory. There is one kernel
 * a process, chosen at start by {@link KernelChoice}.
 *
 * <p>Implementations are thread-safe and check nothing: {@link ReedSolomon} and {@link BlobMatrix} have checked every
 * argument before a kernel sees it.
 */
interface CodecKernel {
    /** The name that {@code -Dmoraine.simd} knows it by. */
    String name();

    /**
     * Prepares tables for a map that is going to be applied many times.
     *
     * @param map the map
     * @return the same map, ready to run
     */
    PreparedMap prepare(LinearMap map);

    /**
     * Prepares the encoding of a code.
     *
     * @param points the code
     * @return the map from its data shards to its parity shards, ready to run
     */
    default PreparedMap prepareEncoding(CodePoints points) {
        return prepare(points.encoding());
    }

    /**
     * Prepares a recovery.
     *
     * @param points the code
     * @param sources indices of as many shards as the code has data shards, ascending
     * @param targets indices of other shards, ascending
     * @return the map from the sources to the targets, ready to run
     */
    default PreparedMap prepareRecovery(CodePoints points, int[] sources, int[] targets) {
        return prepare(points.mapping(sources, targets));
    }

    /**
     * Prepares a way to encode whole matrices that is faster than one code after the other.
     *
     * @param geometry the numbers of the committee
     * @param symbolSizeBytes the symbol size
     * @return null if there is none
     */
    default @Nullable PlaneMatrix prepareMatrix(Geometry geometry, int symbolSizeBytes) {
        return null;
    }

    /** A map with the tables of one kernel. Immutable and thread-safe. */
    interface PreparedMap {
        /**
         * Reads every source shard of the map and overwrites every target shard. Other shards are not touched.
         *
         * @param sources where the source shards lie
         * @param targets where the target shards lie, of the same length as the sources and apart from them
         */
        void apply(ShardMemory sources, ShardMemory targets);
    }
}
