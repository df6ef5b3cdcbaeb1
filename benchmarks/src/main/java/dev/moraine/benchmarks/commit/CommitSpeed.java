package dev.moraine.benchmarks.commit;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobCommitment;
import dev.moraine.proofs.blob.BlobCommitter;
import dev.moraine.proofs.blob.SymbolTree;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.Executor;

/** Encoding of and commitment to a blob of one size in one committee. */
final class CommitSpeed {
    /** Blocks of SHA-256 that a leaf of a whole chunk takes. */
    private static final int BLOCKS_OF_CHUNK = blocks(SymbolTree.CHUNK_BYTES);

    private static final int BLOCKS_OF_NODE = blocks(64);

    private final Geometry geometry;
    private final BlobMatrix matrix;
    private final MemorySegment blob;
    private final MemorySegment matrixBytes;

    /**
     * Fills a blob.
     *
     * @param arena owns it
     * @param shards n
     * @param blobBytes L
     */
    CommitSpeed(Arena arena, int shards, int blobBytes) {
        geometry = new Geometry(shards);
        matrix = new BlobMatrix(geometry, geometry.symbolSizeBytes(blobBytes));
        blob = arena.allocate(blobBytes, 64);
        for (long i = 0; i < blobBytes; i++) {
            blob.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 31 + i / 251));
        }
        matrixBytes = arena.allocate(geometry.matrixBytes(matrix.symbolSizeBytes()), 64);
    }

    /** GB/s of blob that are encoded, on this thread. */
    double codec(long millis) {
        return blob.byteSize() / Stopwatch.cpuNanos(millis, this::encode);
    }

    /** GB/s of blob that are encoded and committed to, on this thread. */
    double commit(long millis) {
        return blob.byteSize() / Stopwatch.cpuNanos(millis, this::run);
    }

    /** GB/s of blob in the fastest run by the clock on the wall. */
    double commitOnWall(long millis, Executor executor, int threads) {
        return blob.byteSize()
                / Stopwatch.wallNanos(
                        millis,
                        () -> BlobCommitter.encodeAndCommit(matrix, blob, matrixBytes, executor, threads));
    }

    /** Encodes once. */
    void encode() {
        matrix.encode(blob, matrixBytes);
    }

    /** Encodes and commits once. */
    BlobCommitment run() {
        return BlobCommitter.encodeAndCommit(matrix, blob, matrixBytes);
    }

    MemorySegment matrixBytes() {
        return matrixBytes;
    }

    /**
     * Bytes to hash for a byte of the blob, counted in blocks of SHA-256, as many as whole chunks of the same number of
     * blocks have bytes: 4.86 for a MiB and n = 31.
     */
    double hashedBytesABlobByte() {
        int symbolSizeBytes = matrix.symbolSizeBytes();
        int chunks = SymbolTree.chunkCount(symbolSizeBytes);
        long shards = geometry.shards();
        long ofSymbol = (long) (chunks - 1) * (BLOCKS_OF_CHUNK + BLOCKS_OF_NODE)
                + blocks(SymbolTree.chunkBytes(symbolSizeBytes, chunks - 1));
        long ofLines = 2 * shards * (shards - 1) * BLOCKS_OF_NODE;
        long ofBlobTree = (2 * shards - 1) * BLOCKS_OF_NODE;
        double ofChunks = (double) (shards * shards * ofSymbol + ofLines + ofBlobTree) / BLOCKS_OF_CHUNK;
        return ofChunks * SymbolTree.CHUNK_BYTES / blob.byteSize();
    }

    /** Blocks of a message of so many bytes and a tag: the length and the bit before it fit in as well. */
    private static int blocks(int bytes) {
        return Math.ceilDiv(1 + bytes + 1 + Long.BYTES, 64);
    }
}
