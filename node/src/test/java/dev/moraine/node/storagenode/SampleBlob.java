package dev.moraine.node.storagenode;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobCommitment;
import dev.moraine.proofs.blob.BlobCommitter;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/**
 * What a writer says of a blob: metadata, and the matrices that rows and columns are taken from. For an honest writer
 * they are the same.
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record SampleBlob(BlobMetadata metadata, byte[] rowMatrix, byte[] columnMatrix) {
    static final Namespace NAMESPACE = Namespace.parse("rollup-a");

    static SampleBlob random(Random random, Geometry geometry, int lengthBytes) {
        byte[] content = Seed.bytes(random, lengthBytes);
        BlobMatrix matrix = new BlobMatrix(geometry, geometry.symbolSizeBytes(lengthBytes));
        byte[] symbols = new byte[Math.toIntExact(geometry.matrixBytes(matrix.symbolSizeBytes()))];
        matrix.encode(MemorySegment.ofArray(content), MemorySegment.ofArray(symbols));
        return of(geometry, lengthBytes, symbols, symbols);
    }

    /** Commits to the rows of one matrix and the columns of another, which need not agree. */
    static SampleBlob of(Geometry geometry, long lengthBytes, byte[] rowMatrix, byte[] columnMatrix) {
        BlobMatrix matrix = new BlobMatrix(geometry, geometry.symbolSizeBytes(lengthBytes));
        BlobCommitment rows = BlobCommitter.commit(matrix, MemorySegment.ofArray(rowMatrix), lengthBytes);
        BlobCommitment columns = BlobCommitter.commit(matrix, MemorySegment.ofArray(columnMatrix), lengthBytes);
        byte[] rowRoots = new byte[geometry.shards() * Digest.BYTES];
        byte[] columnRoots = new byte[geometry.shards() * Digest.BYTES];
        for (int i = 0; i < geometry.shards(); i++) {
            rows.metadata().rowRoot(i).copyTo(rowRoots, i * Digest.BYTES);
            columns.metadata().columnRoot(i).copyTo(columnRoots, i * Digest.BYTES);
        }
        return new SampleBlob(BlobMetadata.of(geometry, lengthBytes, rowRoots, columnRoots), rowMatrix, columnMatrix);
    }

    BlobId id() {
        return metadata.id();
    }

    BlobHeader header() {
        return metadata.header();
    }

    BundleEntry entry(long expiryEpoch) {
        return new BundleEntry(id(), NAMESPACE, header().lengthBytes(), expiryEpoch);
    }

    byte[] primary(int row) {
        MemorySegment matrix = MemorySegment.ofArray(rowMatrix);
        Geometry geometry = metadata.geometry();
        int symbolSizeBytes = header().symbolSizeBytes();
        return matrix.asSlice(
                        row * geometry.lineBytes(symbolSizeBytes), geometry.primarySliverBytes(symbolSizeBytes))
                .toArray(ValueLayout.JAVA_BYTE);
    }

    byte[] secondary(int column) {
        Geometry geometry = metadata.geometry();
        byte[] sliver = new byte[Math.toIntExact(geometry.secondarySliverBytes(header().symbolSizeBytes()))];
        new BlobMatrix(geometry, header().symbolSizeBytes())
                .copySecondarySliver(MemorySegment.ofArray(columnMatrix), column, MemorySegment.ofArray(sliver));
        return sliver;
    }

    byte[] symbol(int row, int column) {
        int symbolSizeBytes = header().symbolSizeBytes();
        return MemorySegment.ofArray(rowMatrix)
                .asSlice(
                        row * metadata.geometry().lineBytes(symbolSizeBytes) + (long) column * symbolSizeBytes,
                        symbolSizeBytes)
                .toArray(ValueLayout.JAVA_BYTE);
    }
}
