package dev.moraine.node.cli;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobCommitment;
import dev.moraine.proofs.blob.BlobCommitter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A blob as the committee would hold it.
 *
 * @param matrix its geometry and symbol size
 * @param symbols the full matrix of symbols, row by row
 * @param commitment all roots over them
 */
record EncodedBlob(BlobMatrix matrix, MemorySegment symbols, BlobCommitment commitment) {
    /**
     * Encodes and commits to a blob.
     *
     * @param blob the blob, at least one byte
     * @param geometry the committee's
     * @param arena owns the symbols
     * @return the encoded blob, alive as long as the arena
     */
    static EncodedBlob of(MemorySegment blob, Geometry geometry, Arena arena) {
        BlobMatrix matrix = new BlobMatrix(geometry, geometry.symbolSizeBytes(blob.byteSize()));
        MemorySegment symbols = arena.allocate(
                geometry.matrixBytes(matrix.symbolSizeBytes()), Geometry.SYMBOL_ALIGNMENT_BYTES);
        return new EncodedBlob(matrix, symbols, BlobCommitter.encodeAndCommit(matrix, blob, symbols));
    }
}
