package dev.moraine.proofs.blob;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerkleTree;
import java.lang.foreign.MemorySegment;

/**
 * Commits to an encoded blob (protocol, section 4): symbol roots, then the trees of rows and columns over the same
 * symbol roots, then the blob root. Every symbol is hashed once.
 */
public final class BlobCommitter {
    private BlobCommitter() {}

    /**
     * Commits to a blob by its full matrix.
     *
     * @param matrix the geometry and symbol size that the blob was encoded with
     * @param matrixBytes the n·n symbols row by row, as {@link BlobMatrix#encode} writes them
     * @param lengthBytes the blob's length before padding
     * @return the commitment
     * @throws IllegalArgumentException if the segment's length or the symbol size is not what the blob's length implies
     */
    public static BlobCommitment commit(BlobMatrix matrix, MemorySegment matrixBytes, long lengthBytes) {
        Geometry geometry = matrix.geometry();
        int symbolSizeBytes = matrix.symbolSizeBytes();
        if (geometry.symbolSizeBytes(lengthBytes) != symbolSizeBytes) {
            throw new IllegalArgumentException("a blob of lengthBytes " + lengthBytes + " has symbols of "
                    + geometry.symbolSizeBytes(lengthBytes) + " bytes, but the matrix has " + symbolSizeBytes);
        }
        if (matrixBytes.byteSize() != geometry.matrixBytes(symbolSizeBytes)) {
            throw new IllegalArgumentException("matrixBytes must have " + geometry.matrixBytes(symbolSizeBytes)
                    + " bytes, but has " + matrixBytes.byteSize());
        }
        int symbols = geometry.shards() * geometry.shards();
        byte[] symbolRoots = new byte[symbols * Digest.BYTES];
        SymbolTree.roots(matrixBytes, 0, symbolSizeBytes, symbols, MemorySegment.ofArray(symbolRoots), 0);
        return ofSymbolRoots(geometry, lengthBytes, symbolRoots);
    }

    /**
     * Commits to a blob by its symbol roots, wherever they were computed.
     *
     * @param geometry the committee's geometry
     * @param lengthBytes the blob's length before padding
     * @param symbolRoots the n·n symbol roots row by row, 32 bytes each; kept, not copied
     * @return the commitment
     * @throws IllegalArgumentException if the length is out of range or there are not n·n roots
     */
    public static BlobCommitment ofSymbolRoots(Geometry geometry, long lengthBytes, byte[] symbolRoots) {
        int shards = geometry.shards();
        int lineBytes = shards * Digest.BYTES;
        if (symbolRoots.length != shards * lineBytes) {
            throw new IllegalArgumentException(
                    "symbolRoots must have " + shards * lineBytes + " bytes, but has " + symbolRoots.length);
        }
        byte[] rowRoots = new byte[lineBytes];
        byte[] columnRoots = new byte[lineBytes];
        byte[] line = new byte[lineBytes];
        for (int i = 0; i < shards; i++) {
            System.arraycopy(symbolRoots, i * lineBytes, line, 0, lineBytes);
            MerkleTree.rootInPlace(MemorySegment.ofArray(line), 0, shards).copyTo(rowRoots, i * Digest.BYTES);
            for (int row = 0; row < shards; row++) {
                System.arraycopy(
                        symbolRoots, row * lineBytes + i * Digest.BYTES, line, row * Digest.BYTES, Digest.BYTES);
            }
            MerkleTree.rootInPlace(MemorySegment.ofArray(line), 0, shards).copyTo(columnRoots, i * Digest.BYTES);
        }
        return new BlobCommitment(BlobMetadata.of(geometry, lengthBytes, rowRoots, columnRoots), symbolRoots);
    }
}
