package dev.moraine.proofs.proof;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobCommitment;
import dev.moraine.proofs.blob.BlobCommitter;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A blob with its matrix and commitment, and what every test wants of them. */
@SuppressWarnings("ArrayRecordComponent") // nothing changes or compares the blob
record ProvedBlob(byte[] bytes, BlobMatrix matrix, MemorySegment matrixBytes, BlobCommitment commitment) {
    static ProvedBlob random(Random random, int shards, int lengthBytes) {
        return of(shards, Seed.bytes(random, lengthBytes));
    }

    static ProvedBlob of(int shards, byte[] bytes) {
        Geometry geometry = new Geometry(shards);
        BlobMatrix matrix = new BlobMatrix(geometry, geometry.symbolSizeBytes(bytes.length));
        MemorySegment matrixBytes =
                MemorySegment.ofArray(new byte[(int) geometry.matrixBytes(matrix.symbolSizeBytes())]);
        matrix.encode(MemorySegment.ofArray(bytes), matrixBytes);
        return new ProvedBlob(bytes, matrix, matrixBytes, BlobCommitter.commit(matrix, matrixBytes, bytes.length));
    }

    Geometry geometry() {
        return matrix.geometry();
    }

    int shards() {
        return geometry().shards();
    }

    BlobMetadata metadata() {
        return commitment.metadata();
    }

    BlobHeader header() {
        return metadata().header();
    }

    BlobId id() {
        return metadata().id();
    }

    MemorySegment symbol(int row, int column) {
        long symbolSizeBytes = matrix.symbolSizeBytes();
        return matrixBytes.asSlice((row * (long) shards() + column) * symbolSizeBytes, symbolSizeBytes);
    }

    MemorySegment primary(int row) {
        long lineBytes = geometry().lineBytes(matrix.symbolSizeBytes());
        return matrixBytes.asSlice(row * lineBytes, geometry().primarySliverBytes(matrix.symbolSizeBytes()));
    }

    MemorySegment secondary(int column) {
        byte[] sliver = new byte[(int) geometry().secondarySliverBytes(matrix.symbolSizeBytes())];
        matrix.copySecondarySliver(matrixBytes, column, MemorySegment.ofArray(sliver));
        return MemorySegment.ofArray(sliver);
    }

    /** Headers that differ from this blob's in one field each. */
    List<BlobHeader> otherHeaders() {
        BlobHeader h = header();
        Digest root = h.blobRoot();
        Digest otherRoot = new Digest(root.w0(), root.w1(), root.w2() ^ 1, root.w3());
        List<BlobHeader> others = new ArrayList<>(Arrays.asList(
                new BlobHeader(h.shards() + 1, h.symbolSizeBytes(), h.lengthBytes(), root),
                new BlobHeader(h.shards() - 1, h.symbolSizeBytes(), h.lengthBytes(), root),
                new BlobHeader(0, h.symbolSizeBytes(), h.lengthBytes(), root),
                new BlobHeader(0xFFFF, h.symbolSizeBytes(), h.lengthBytes(), root),
                new BlobHeader(h.shards(), h.symbolSizeBytes() + 64, h.lengthBytes(), root),
                new BlobHeader(h.shards(), h.symbolSizeBytes() - 64, h.lengthBytes(), root),
                new BlobHeader(h.shards(), 0, h.lengthBytes(), root),
                new BlobHeader(h.shards(), Integer.MAX_VALUE, h.lengthBytes(), root),
                new BlobHeader(h.shards(), h.symbolSizeBytes(), h.lengthBytes() + 1, root),
                new BlobHeader(h.shards(), h.symbolSizeBytes(), h.lengthBytes() - 1, root),
                new BlobHeader(h.shards(), h.symbolSizeBytes(), 0, root),
                new BlobHeader(h.shards(), h.symbolSizeBytes(), Long.MAX_VALUE, root),
                new BlobHeader(h.shards(), h.symbolSizeBytes(), h.lengthBytes(), otherRoot)));
        others.add(BlobHeader.of(new Geometry(h.shards() + 1), h.lengthBytes(), root));
        return others;
    }
}
