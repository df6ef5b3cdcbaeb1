package dev.moraine.sampling.repair;

import dev.moraine.codec.BlobLines;
import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.codec.TooFewShardsException;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.blob.SymbolTree;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerkleTree;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.storage.store.SliverRecord;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds slivers from the symbols that came, and gives only those whose root is the one in the metadata. Every byte of
 * the line is hashed once; the symbols are not verified one by one before that. For one thread.
 */
final class LineSolver {
    private MemorySegment line = MemorySegment.NULL;
    private MemorySegment blob = MemorySegment.NULL;

    /**
     * Rebuilds a sliver. It is put where the symbols were.
     *
     * @param repair all its symbols have come
     * @return the sliver, or null if the symbols do not lead to the root in the metadata; then they are as they were
     */
    @Nullable SliverRecord solve(LineRepair repair) {
        BlobMetadata metadata = repair.metadata();
        Geometry geometry = metadata.geometry();
        int symbolSizeBytes = metadata.header().symbolSizeBytes();
        int pair = repair.missing().pair();
        Axis axis = repair.way().line();
        long lineBytes = geometry.lineBytes(symbolSizeBytes);
        line = atLeast(line, lineBytes);
        MemorySegment whole = line.asSlice(0, lineBytes);
        try {
            recover(repair, new BlobMatrix(geometry, symbolSizeBytes), whole);
        } catch (TooFewShardsException e) {
            throw new IllegalStateException("a line is solved before its symbols have come", e);
        }
        byte[] roots = new byte[geometry.shards() * Digest.BYTES];
        SymbolTree.roots(whole, 0, symbolSizeBytes, geometry.shards(), MemorySegment.ofArray(roots), 0);
        Digest expected = axis == Axis.ROW ? metadata.rowRoot(pair) : metadata.columnRoot(pair);
        if (!MerkleTree.rootOfLeafHashes(roots).equals(expected)) {
            return null;
        }
        long sliverBytes = repair.sliverBytes();
        MemorySegment sliver = repair.memory().bytes().asSlice(0, sliverBytes);
        MemorySegment.copy(whole, 0, sliver, 0, sliverBytes);
        return new SliverRecord(metadata, pair, axis, sliver, roots);
    }

    private void recover(LineRepair repair, BlobMatrix matrix, MemorySegment whole) throws TooFewShardsException {
        MemorySegment[] slots = new MemorySegment[repair.slots()];
        for (int slot = 0; slot < slots.length; slot++) {
            slots[slot] = repair.slotMemory(slot);
        }
        switch (repair.way()) {
            case COLUMN -> matrix.recoverColumn(repair.sources(), slots, whole);
            case ROW -> matrix.recoverRow(repair.sources(), slots, whole);
            case ROW_FROM_PRIMARIES -> {
                long blobBytes = matrix.geometry().paddedBlobBytes(matrix.symbolSizeBytes());
                long sliverBytes = matrix.geometry().primarySliverBytes(matrix.symbolSizeBytes());
                blob = atLeast(blob, blobBytes);
                MemorySegment paddedBlob = blob.asSlice(0, blobBytes);
                matrix.decodeFromPrimaries(repair.sources(), slots, paddedBlob);
                new BlobLines(matrix)
                        .primarySliver(paddedBlob, repair.missing().pair(), whole.asSlice(0, sliverBytes));
                matrix.extendRow(whole);
            }
        }
    }

    private static MemorySegment atLeast(MemorySegment present, long lengthBytes) {
        return present.byteSize() >= lengthBytes
                ? present
                : Arena.ofAuto().allocate(lengthBytes, Geometry.SYMBOL_ALIGNMENT_BYTES);
    }
}
