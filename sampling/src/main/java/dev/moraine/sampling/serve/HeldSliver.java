package dev.moraine.sampling.serve;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.ChunkProof;
import dev.moraine.proofs.proof.ChunkRun;
import dev.moraine.proofs.proof.SymbolProof;
import dev.moraine.storage.store.StoredPair;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A sliver that was read from the store, with what proofs need of its line: symbols that are not stored are computed when
 * they are asked for. The other sliver of the pair need not be held. Not thread-safe.
 */
final class HeldSliver {
    private final StoredPair stored;
    private final BlobHeader header;
    private final Axis axis;
    private final BlobMatrix matrix;
    private final HeldLine line;

    /**
     * Takes a sliver over.
     *
     * @param stored a pair that has the sliver; released by {@link #release()}
     * @param axis {@link Axis#ROW} for the primary, {@link Axis#COLUMN} for the secondary sliver
     */
    HeldSliver(StoredPair stored, Axis axis) {
        this.stored = stored;
        this.axis = axis;
        header = stored.header();
        matrix = new BlobMatrix(new Geometry(header.shards()), header.symbolSizeBytes());
        line = new HeldLine(matrix, axis, sliver());
    }

    /**
     * The blob's header.
     *
     * @return the header
     */
    BlobHeader header() {
        return header;
    }

    /**
     * The blob's metadata as it travels.
     *
     * @return valid until {@link #release()}
     */
    MemorySegment metadataBytes() {
        return stored.metadataBytes();
    }

    /**
     * The sliver as it is stored.
     *
     * @return valid until {@link #release()}
     */
    MemorySegment sliver() {
        return axis == Axis.ROW ? stored.primary() : stored.secondary();
    }

    /**
     * Proves a symbol of the line.
     *
     * @param symbol its place in the line
     * @return the proof
     */
    SymbolProof prove(int symbol) {
        // All paths are in the store: nothing is hashed.
        return new SymbolProof(
                line.symbol(symbol).toArray(ValueLayout.JAVA_BYTE),
                stored.linePath(axis, symbol),
                stored.lineRoot(axis == Axis.ROW ? Axis.COLUMN : Axis.ROW),
                stored.blobPath());
    }

    /**
     * Proves chunks of a symbol of a row.
     *
     * @param run the chunks, within the blob, of this row
     * @return their proofs, encoded
     */
    byte[] proveChunks(ChunkRun run) {
        BlobMetadata metadata = stored.metadata();
        return ChunkProof.encodeRun(ChunkProof.fromRow(
                metadata, run, stored.rowSymbolRoots().toArray(ValueLayout.JAVA_BYTE), line.symbol(run.column())));
    }

    /**
     * How long {@link #extension()} is.
     *
     * @return in bytes
     */
    long extensionBytes() {
        return matrix.geometry().lineBytes(header.symbolSizeBytes()) - sliver().byteSize();
    }

    /**
     * Computes all symbols of the line that are not stored.
     *
     * @return their bytes, one after the other
     */
    byte[] extension() {
        MemorySegment sliver = sliver();
        byte[] whole = new byte[Math.toIntExact(sliver.byteSize() + extensionBytes())];
        MemorySegment.copy(sliver, ValueLayout.JAVA_BYTE, 0, whole, 0, (int) sliver.byteSize());
        if (axis == Axis.ROW) {
            matrix.extendRow(MemorySegment.ofArray(whole));
        } else {
            matrix.extendColumn(MemorySegment.ofArray(whole));
        }
        return Arrays.copyOfRange(whole, (int) sliver.byteSize(), whole.length);
    }

    /**
     * The memory that this holds.
     *
     * @return bytes of the sliver and of symbols that were computed
     */
    long heldBytes() {
        return sliver().byteSize() + line.computedBytes();
    }

    /** Frees the memory. Called once. */
    void release() {
        line.release();
        stored.release();
    }
}
