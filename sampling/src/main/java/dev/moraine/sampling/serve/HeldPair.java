package dev.moraine.sampling.serve;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.ChunkProof;
import dev.moraine.proofs.proof.ChunkRun;
import dev.moraine.proofs.proof.SymbolProof;
import dev.moraine.storage.store.StoredPair;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * A pair that was read from the store, with what proofs need of it: its row and column are extended at most once, and only
 * when a symbol beyond the stored ones is asked for. Not thread-safe.
 */
final class HeldPair {
    private final StoredPair stored;
    private final BlobMetadata metadata;
    private final byte[] rowSymbolRoots;
    private final byte[] columnSymbolRoots;
    private final int symbolSizeBytes;
    private @Nullable Arena extensions;
    private @Nullable MemorySegment row;
    private @Nullable MemorySegment column;

    /**
     * Takes a pair over.
     *
     * @param stored the pair, released by {@link #release()}
     */
    HeldPair(StoredPair stored) {
        this.stored = stored;
        metadata = stored.metadata();
        rowSymbolRoots = stored.rowSymbolRoots().toArray(ValueLayout.JAVA_BYTE);
        columnSymbolRoots = stored.columnSymbolRoots().toArray(ValueLayout.JAVA_BYTE);
        symbolSizeBytes = metadata.header().symbolSizeBytes();
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
        return axis == Axis.ROW
                ? SymbolProof.fromRow(metadata, rowIndex, columnIndex, rowSymbolRoots, rowSymbol(columnIndex))
                : SymbolProof.fromColumn(metadata, rowIndex, columnIndex, columnSymbolRoots, columnSymbol(rowIndex));
    }

    /**
     * Proves chunks of a symbol of this pair's row.
     *
     * @param run the chunks, within the blob
     * @return their proofs, encoded
     */
    byte[] proveChunks(ChunkRun run) {
        return ChunkProof.encodeRun(ChunkProof.fromRow(metadata, run, rowSymbolRoots, rowSymbol(run.column())));
    }

    /**
     * The memory that this holds.
     *
     * @return bytes of slivers and of lines that were extended
     */
    long heldBytes() {
        return stored.primary().byteSize()
                + stored.secondary().byteSize()
                + (row == null ? 0 : row.byteSize())
                + (column == null ? 0 : column.byteSize());
    }

    /** Frees the memory. Called once. */
    void release() {
        if (extensions != null) {
            extensions.close();
        }
        stored.release();
    }

    private MemorySegment rowSymbol(int columnIndex) {
        MemorySegment symbols = stored.primary();
        if (columnIndex >= metadata.geometry().sourceColumns()) {
            if (row == null) {
                row = extended(Axis.ROW, stored.primary());
            }
            symbols = row;
        }
        return symbols.asSlice((long) columnIndex * symbolSizeBytes, symbolSizeBytes);
    }

    private MemorySegment columnSymbol(int rowIndex) {
        MemorySegment symbols = stored.secondary();
        if (rowIndex >= metadata.geometry().sourceRows()) {
            if (column == null) {
                column = extended(Axis.COLUMN, stored.secondary());
            }
            symbols = column;
        }
        return symbols.asSlice((long) rowIndex * symbolSizeBytes, symbolSizeBytes);
    }

    private MemorySegment extended(Axis axis, MemorySegment sliver) {
        if (extensions == null) {
            extensions = Arena.ofShared();
        }
        long lineBytes = metadata.geometry().lineBytes(symbolSizeBytes);
        MemorySegment line = extensions.allocate(lineBytes, Geometry.SYMBOL_ALIGNMENT_BYTES);
        MemorySegment.copy(sliver, 0, line, 0, sliver.byteSize());
        BlobMatrix matrix = new BlobMatrix(metadata.geometry(), symbolSizeBytes);
        if (axis == Axis.ROW) {
            matrix.extendRow(line);
        } else {
            matrix.extendColumn(line);
        }
        return line;
    }
}
