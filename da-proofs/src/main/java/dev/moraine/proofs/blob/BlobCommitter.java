package dev.moraine.proofs.blob;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerkleTree;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.function.IntConsumer;

/**
 * Commits to an encoded blob (protocol, section 4): symbol roots, then the trees of rows and columns over the same
 * symbol roots, then the blob root. Every symbol is hashed once.
 */
public final class BlobCommitter {
    private static final long HASH_ALIGNMENT_BYTES = 64;

    /** Symbols whose trees a thread finishes at a time, many times the lanes of a vector. */
    private static final int SYMBOLS_OF_PIECE = 256;

    /** Rows and columns whose trees a thread finishes at a time: one for each lane of the widest vector. */
    private static final int LINES_OF_PIECE = 16;

    /** With fewer strips than this a thread, what is left for the last one takes too large a part of the time. */
    private static final int STRIPS_OF_THREAD = 8;

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
        int symbolSizeBytes = checkSymbolSize(matrix, lengthBytes);
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
     * Encodes a blob and commits to it in one pass on the calling thread: every strip of the matrix, one chunk of each
     * symbol, is hashed as soon as it is computed, while it is in the cache.
     *
     * @param matrix the committee's geometry, and the symbol size that the blob's length implies
     * @param blob the blob, all of it
     * @param matrixBytes receives the n·n symbols row by row, as {@link BlobMatrix#encode} writes them
     * @return the commitment
     * @throws IllegalArgumentException if a segment's length or the symbol size is not what the blob's length implies
     */
    public static BlobCommitment encodeAndCommit(BlobMatrix matrix, MemorySegment blob, MemorySegment matrixBytes) {
        return encodeAndCommit(matrix, blob, matrixBytes, Runnable::run, 1);
    }

    /**
     * Encodes a blob and commits to it in one pass, on several threads. The calling thread is one of them, and needs
     * none of the others in order to finish: an executor that is busy costs time only.
     *
     * @param matrix the committee's geometry, and the symbol size that the blob's length implies
     * @param blob the blob, all of it; every thread must have access
     * @param matrixBytes receives the n·n symbols row by row, as {@link BlobMatrix#encode} writes them; every thread
     *     must have access
     * @param executor runs what other threads do
     * @param threads most threads to use, the calling one included, at least 1
     * @return the commitment
     * @throws IllegalArgumentException if a segment's length or the symbol size is not what the blob's length implies,
     *     or there are no threads
     */
    public static BlobCommitment encodeAndCommit(
            BlobMatrix matrix, MemorySegment blob, MemorySegment matrixBytes, Executor executor, int threads) {
        Geometry geometry = matrix.geometry();
        int symbolSizeBytes = checkSymbolSize(matrix, blob.byteSize());
        SharedWork work = new SharedWork(executor, threads);
        int symbols = geometry.shards() * geometry.shards();
        byte[] symbolRoots = new byte[symbols * Digest.BYTES];
        int chunks = SymbolTree.chunkCount(symbolSizeBytes);
        long treeBytes = (long) chunks * Digest.BYTES;
        try (Arena arena = threads == 1 ? Arena.ofConfined() : Arena.ofShared()) {
            MemorySegment hashes = arena.allocate(symbols * treeBytes, HASH_ALIGNMENT_BYTES);
            IntConsumer encode = chunk -> matrix.encodeStrip(
                    blob,
                    matrixBytes,
                    chunk * SymbolTree.CHUNK_BYTES,
                    SymbolTree.chunkBytes(symbolSizeBytes, chunk));
            if (threads == 1 || chunks >= STRIPS_OF_THREAD * threads) {
                work.run(chunks, chunk -> {
                    encode.accept(chunk);
                    long hashOffset = (long) chunk * Digest.BYTES;
                    SymbolTree.hashChunks(
                            matrixBytes, 0, symbolSizeBytes, symbols, chunk, hashes, hashOffset, treeBytes);
                });
            } else {
                // So few strips leave threads idle at the end; their matrix is small enough to be hashed afterwards.
                work.run(chunks, encode);
                int ranges = Math.ceilDiv(symbols, SYMBOLS_OF_PIECE);
                work.run(chunks * ranges, piece -> {
                    int chunk = piece / ranges;
                    int first = piece % ranges * SYMBOLS_OF_PIECE;
                    SymbolTree.hashChunks(
                            matrixBytes,
                            (long) first * symbolSizeBytes,
                            symbolSizeBytes,
                            Math.min(SYMBOLS_OF_PIECE, symbols - first),
                            chunk,
                            hashes,
                            first * treeBytes + (long) chunk * Digest.BYTES,
                            treeBytes);
                });
            }
            work.run(Math.ceilDiv(symbols, SYMBOLS_OF_PIECE), piece -> {
                int first = piece * SYMBOLS_OF_PIECE;
                int end = Math.min(symbols, first + SYMBOLS_OF_PIECE);
                MerkleTree.rootsInPlace(hashes, first * treeBytes, treeBytes, chunks, end - first);
                for (int symbol = first; symbol < end; symbol++) {
                    int at = symbol * Digest.BYTES;
                    MemorySegment.copy(
                            hashes, ValueLayout.JAVA_BYTE, symbol * treeBytes, symbolRoots, at, Digest.BYTES);
                }
            });
        }
        return ofSymbolRoots(geometry, blob.byteSize(), symbolRoots, work);
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
        return ofSymbolRoots(geometry, lengthBytes, symbolRoots, new SharedWork(Runnable::run, 1));
    }

    private static BlobCommitment ofSymbolRoots(
            Geometry geometry, long lengthBytes, byte[] symbolRoots, SharedWork work) {
        int shards = geometry.shards();
        int lineBytes = shards * Digest.BYTES;
        if (symbolRoots.length != shards * lineBytes) {
            throw new IllegalArgumentException(
                    "symbolRoots must have " + shards * lineBytes + " bytes, but has " + symbolRoots.length);
        }
        byte[] rowRoots = new byte[lineBytes];
        byte[] columnRoots = new byte[lineBytes];
        // Rows, then columns: a vector has lanes for the nodes of many trees.
        byte[] lines = Arrays.copyOf(symbolRoots, 2 * symbolRoots.length);
        for (int column = 0; column < shards; column++) {
            for (int row = 0; row < shards; row++) {
                int from = row * lineBytes + column * Digest.BYTES;
                int to = (shards + column) * lineBytes + row * Digest.BYTES;
                System.arraycopy(symbolRoots, from, lines, to, Digest.BYTES);
            }
        }
        MemorySegment trees = MemorySegment.ofArray(lines);
        work.run(Math.ceilDiv(2 * shards, LINES_OF_PIECE), piece -> {
            int first = piece * LINES_OF_PIECE;
            int count = Math.min(LINES_OF_PIECE, 2 * shards - first);
            MerkleTree.rootsInPlace(trees, (long) first * lineBytes, lineBytes, shards, count);
        });
        for (int i = 0; i < shards; i++) {
            System.arraycopy(lines, i * lineBytes, rowRoots, i * Digest.BYTES, Digest.BYTES);
            System.arraycopy(lines, (shards + i) * lineBytes, columnRoots, i * Digest.BYTES, Digest.BYTES);
        }
        return new BlobCommitment(BlobMetadata.of(geometry, lengthBytes, rowRoots, columnRoots), symbolRoots);
    }

    private static int checkSymbolSize(BlobMatrix matrix, long lengthBytes) {
        int symbolSizeBytes = matrix.geometry().symbolSizeBytes(lengthBytes);
        if (symbolSizeBytes != matrix.symbolSizeBytes()) {
            throw new IllegalArgumentException("a blob of lengthBytes " + lengthBytes + " has symbols of "
                    + symbolSizeBytes + " bytes, but the matrix has " + matrix.symbolSizeBytes());
        }
        return symbolSizeBytes;
    }
}
