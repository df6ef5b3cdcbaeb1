package dev.moraine.sampling.serve;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobCommitment;
import dev.moraine.proofs.blob.BlobCommitter;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.SliverRoots;
import dev.moraine.storage.store.PairRecord;
import dev.moraine.storage.store.SliverRecord;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A blob that was really encoded, with everything that nodes hold of it. */
final class EncodedBlob {
    private final BlobMatrix matrix;
    private final MemorySegment symbols;
    private final BlobCommitment commitment;

    EncodedBlob(Geometry geometry, byte[] content) {
        matrix = new BlobMatrix(geometry, geometry.symbolSizeBytes(content.length));
        symbols = MemorySegment.ofArray(new byte[Math.toIntExact(geometry.matrixBytes(matrix.symbolSizeBytes()))]);
        matrix.encode(MemorySegment.ofArray(content), symbols);
        commitment = BlobCommitter.commit(matrix, symbols, content.length);
    }

    BlobId id() {
        return commitment.id();
    }

    BlobHeader header() {
        return commitment.metadata().header();
    }

    byte[] metadata() {
        return commitment.metadata().encode();
    }

    byte[] symbol(int row, int column) {
        long start = row * matrix.geometry().lineBytes(matrix.symbolSizeBytes())
                + (long) column * matrix.symbolSizeBytes();
        return symbols.asSlice(start, matrix.symbolSizeBytes()).toArray(ValueLayout.JAVA_BYTE);
    }

    MemorySegment primary(int row) {
        return symbols.asSlice(
                row * matrix.geometry().lineBytes(matrix.symbolSizeBytes()),
                matrix.geometry().primarySliverBytes(matrix.symbolSizeBytes()));
    }

    MemorySegment secondary(int column) {
        long sliverBytes = matrix.geometry().secondarySliverBytes(matrix.symbolSizeBytes());
        MemorySegment sliver = MemorySegment.ofArray(new byte[Math.toIntExact(sliverBytes)]);
        matrix.copySecondarySliver(symbols, column, sliver);
        return sliver;
    }

    SliverRecord secondarySliver(int column) {
        return new SliverRecord(
                commitment.metadata(), column, Axis.COLUMN, secondary(column), commitment.columnSymbolRoots(column));
    }

    PairRecord pair(int index) {
        return new PairRecord(
                commitment.metadata(),
                index,
                primary(index),
                secondary(index),
                new SliverRoots(commitment.rowSymbolRoots(index), commitment.columnSymbolRoots(index)));
    }
}
