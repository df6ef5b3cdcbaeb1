package dev.moraine.proofs.proof;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.hash.Digest;
import java.util.Arrays;

/**
 * The symbol roots of the row and of the column of one sliver pair: what a node keeps so that it can prove symbols and
 * chunks without hashing its slivers again.
 *
 * <p>{@link SliverVerifier} fills the arrays; afterwards nobody changes them.
 *
 * @param rowSymbolRoots the n symbol roots of the row, 32 bytes each
 * @param columnSymbolRoots the n symbol roots of the column, 32 bytes each
 */
@SuppressWarnings("ArrayRecordComponent") // filled in place by the verifier and stored as it is; equality is by content
public record SliverRoots(byte[] rowSymbolRoots, byte[] columnSymbolRoots) {
    /**
     * Makes room for the roots of a pair.
     *
     * @param geometry the geometry of the deployment
     * @return roots of zeros
     */
    public static SliverRoots allocate(Geometry geometry) {
        int lineBytes = geometry.shards() * Digest.BYTES;
        return new SliverRoots(new byte[lineBytes], new byte[lineBytes]);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SliverRoots that
                && Arrays.equals(rowSymbolRoots, that.rowSymbolRoots)
                && Arrays.equals(columnSymbolRoots, that.columnSymbolRoots);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(rowSymbolRoots) + Arrays.hashCode(columnSymbolRoots);
    }

    @Override
    public String toString() {
        return "SliverRoots[" + rowSymbolRoots.length / Digest.BYTES + " symbols a line]";
    }
}
