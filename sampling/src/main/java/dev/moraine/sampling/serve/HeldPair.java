package dev.moraine.sampling.serve;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.ChunkProof;
import dev.moraine.proofs.proof.ChunkRun;
import dev.moraine.proofs.proof.SymbolProof;
import dev.moraine.storage.store.StoredPair;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A pair that was read from the store, with what proofs need of it: symbols of its row and column that are not stored are
 * computed when they are asked for. Not thread-safe.
 */
final class HeldPair {
    private final StoredPair stored;
    private final BlobMetadata metadata;
    private final HeldLine row;
    private final HeldLine column;

    /**
     * Takes a pair over.
     *
     * @param stored the pair, released by {@link #release()}
     */
    HeldPair(StoredPair stored) {
        this.stored = stored;
        metadata = stored.metadata();
        BlobMatrix matrix = new BlobMatrix(
                metadata.geometry(), metadata.header().symbolSizeBytes());
        row = new HeldLine(matrix, Axis.ROW, stored.primary());
        column = new HeldLine(matrix, Axis.COLUMN, stored.secondary());
    }

    /**
     * The blob's metadata.
     *
     * @return the metadata
     */
    BlobMetadata metadata() {
        return metadata;
    }

    /**
     * The pair as it is stored.
     *
     * @return valid until {@link #release()}
     */
    StoredPair stored() {
        return stored;
    }

    /**
     * Proves a symbol of this pair's row or column.
     *
     * @param rowIndex the symbol's row, which is this pair's if the axis is {@link Axis#ROW}
     * @param columnIndex the symbol's column, which is this pair's if the axis is {@link Axis#COLUMN}
     * @param axis the line that the proof goes by
     * @return the proof
     */
    SymbolProof prove(int rowIndex, int columnIndex, Axis axis) {
        boolean isRow = axis == Axis.ROW;
        MemorySegment symbol = isRow ? row.symbol(columnIndex) : column.symbol(rowIndex);
        // All paths are in the store: nothing is hashed.
        return new SymbolProof(
                symbol.toArray(ValueLayout.JAVA_BYTE),
                stored.linePath(axis, isRow ? columnIndex : rowIndex),
                stored.lineRoot(isRow ? Axis.COLUMN : Axis.ROW),
                stored.blobPath());
    }

    /**
     * Proves chunks of a symbol of this pair's row.
     *
     * @param run the chunks, within the blob
     * @return their proofs, encoded
     */
    byte[] proveChunks(ChunkRun run) {
        return ChunkProof.encodeRun(ChunkProof.fromRow(
                metadata, run, stored.rowSymbolRoots().toArray(ValueLayout.JAVA_BYTE), row.symbol(run.column())));
    }

    /**
     * The memory that this holds.
     *
     * @return bytes of slivers and of symbols that were computed
     */
    long heldBytes() {
        return stored.primary().byteSize()
                + stored.secondary().byteSize()
                + row.computedBytes()
                + column.computedBytes();
    }

    /** Frees the memory. Called once. */
    void release() {
        row.release();
        column.release();
        stored.release();
    }
}
