package dev.moraine.proofs.proof;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerkleTree;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** What a prover proves from, checked so that a proof is never built from parts that do not belong together. */
final class MatrixSymbols {
    private MatrixSymbols() {}

    /**
     * The bytes of one symbol of a full matrix.
     *
     * @param metadata the blob's metadata
     * @param matrixBytes the n·n symbols row by row
     * @param row the row
     * @param column the column
     * @return a view of s bytes
     * @throws IndexOutOfBoundsException if the matrix has no such symbol
     * @throws IllegalArgumentException if the segment's length is not that of the matrix
     */
    static MemorySegment symbol(BlobMetadata metadata, MemorySegment matrixBytes, int row, int column) {
        Geometry geometry = metadata.geometry();
        int symbolSizeBytes = metadata.header().symbolSizeBytes();
        if (matrixBytes.byteSize() != geometry.matrixBytes(symbolSizeBytes)) {
            throw new IllegalArgumentException("matrixBytes must have " + geometry.matrixBytes(symbolSizeBytes)
                    + " bytes, but has " + matrixBytes.byteSize());
        }
        Objects.checkIndex(row, geometry.shards());
        Objects.checkIndex(column, geometry.shards());
        long start = row * geometry.lineBytes(symbolSizeBytes) + (long) column * symbolSizeBytes;
        return matrixBytes.asSlice(start, symbolSizeBytes);
    }

    /**
     * Checks the length of a symbol.
     *
     * @param metadata the blob's metadata
     * @param symbol the symbol
     * @throws IllegalArgumentException if it has not s bytes
     */
    static void checkSymbol(BlobMetadata metadata, MemorySegment symbol) {
        if (symbol.byteSize() != metadata.header().symbolSizeBytes()) {
            throw new IllegalArgumentException("symbol must have " + metadata.header().symbolSizeBytes()
                    + " bytes, but has " + symbol.byteSize());
        }
    }

    /**
     * The tree of a row or column over its symbol roots.
     *
     * @param geometry the blob's geometry
     * @param symbolRoots the n symbol roots, 32 bytes each
     * @param lineRoot the root that the metadata gives for the line
     * @return the tree
     * @throws IllegalArgumentException if there are not n roots, or they lead to another line root
     */
    static MerkleTree lineTree(Geometry geometry, byte[] symbolRoots, Digest lineRoot) {
        if (symbolRoots.length != geometry.shards() * Digest.BYTES) {
            throw new IllegalArgumentException("symbolRoots must have " + geometry.shards() * Digest.BYTES
                    + " bytes, but has " + symbolRoots.length);
        }
        MerkleTree line = MerkleTree.ofLeafHashes(symbolRoots);
        if (!line.root().equals(lineRoot)) {
            throw new IllegalArgumentException(
                    "symbolRoots lead to " + line.root() + ", but the line's root is " + lineRoot);
        }
        return line;
    }
}
