package dev.moraine.proofs.proof;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.blob.SymbolTree;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerkleTree;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Checks slivers against a blob's metadata by extending them to the full row or column and recomputing its root
 * (protocol, section 5, steps 1 and 2): what a node does before it signs, and a reader before it decodes.
 *
 * <p>A call needs working memory of one line, n·s bytes, for as long as it runs: whoever accepts metadata from outside
 * limits the length of its blob first. Foreign sliver bytes never make a call throw. Thread-safe.
 */
public final class SliverVerifier {
    private static final long LINE_ALIGNMENT_BYTES = 64;

    private SliverVerifier() {}

    /**
     * Checks a sliver pair.
     *
     * @param metadata the blob's metadata
     * @param pairIndex the pair, from 0 to n − 1
     * @param primary the first k₂ symbols of row {@code pairIndex}
     * @param secondary the first k₁ symbols of column {@code pairIndex}
     * @param out where the symbol roots go; they mean something only if the pair is accepted
     * @return {@link SliverCheck#ACCEPT} or the first fault
     * @throws IllegalArgumentException if {@code out} has not room for n symbol roots a line
     */
    public static SliverCheck verifyPair(
            BlobMetadata metadata, int pairIndex, MemorySegment primary, MemorySegment secondary, SliverRoots out) {
        Geometry geometry = metadata.geometry();
        int symbolSizeBytes = metadata.header().symbolSizeBytes();
        int rootsBytes = geometry.shards() * Digest.BYTES;
        if (out.rowSymbolRoots().length != rootsBytes || out.columnSymbolRoots().length != rootsBytes) {
            throw new IllegalArgumentException("out must have room for " + geometry.shards() + " symbol roots a line");
        }
        if (pairIndex < 0 || pairIndex >= geometry.shards()) {
            return SliverCheck.OUT_OF_RANGE;
        }
        if (primary.byteSize() != geometry.primarySliverBytes(symbolSizeBytes)
                || secondary.byteSize() != geometry.secondarySliverBytes(symbolSizeBytes)) {
            return SliverCheck.WRONG_LENGTH;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment line = arena.allocate(geometry.lineBytes(symbolSizeBytes), LINE_ALIGNMENT_BYTES);
            Digest rowRoot = lineRoot(metadata, Axis.ROW, primary, line, out.rowSymbolRoots());
            if (!metadata.rowRoot(pairIndex).equals(rowRoot)) {
                return SliverCheck.WRONG_ROW_ROOT;
            }
            Digest columnRoot = lineRoot(metadata, Axis.COLUMN, secondary, line, out.columnSymbolRoots());
            if (!metadata.columnRoot(pairIndex).equals(columnRoot)) {
                return SliverCheck.WRONG_COLUMN_ROOT;
            }
        }
        return crossingAgrees(pairIndex, out, pairIndex, out) ? SliverCheck.ACCEPT : SliverCheck.CROSSING_DIFFERS;
    }

    /**
     * Whether the row of one accepted pair and the column of another have the same symbol root where they cross; a node
     * of several shards asks this for all of its pairs.
     *
     * @param rowPair the pair that the row is of
     * @param rootsOfRowPair the symbol roots of that pair
     * @param columnPair the pair that the column is of
     * @param rootsOfColumnPair the symbol roots of that pair
     * @return true if they agree
     * @throws IndexOutOfBoundsException if a pair is not from 0 to n − 1
     */
    public static boolean crossingAgrees(
            int rowPair, SliverRoots rootsOfRowPair, int columnPair, SliverRoots rootsOfColumnPair) {
        return Digest.of(rootsOfRowPair.rowSymbolRoots(), columnPair * Digest.BYTES)
                .equals(Digest.of(rootsOfColumnPair.columnSymbolRoots(), rowPair * Digest.BYTES));
    }

    /**
     * Checks a primary sliver alone.
     *
     * @param metadata the blob's metadata
     * @param row the row that it is to be of
     * @param primary the sliver
     * @return whether there is such a row, the length is exact, and the root is the metadata's
     */
    public static boolean verifyPrimary(BlobMetadata metadata, int row, MemorySegment primary) {
        Geometry geometry = metadata.geometry();
        return row >= 0
                && row < geometry.shards()
                && primary.byteSize() == geometry.primarySliverBytes(metadata.header().symbolSizeBytes())
                && metadata.rowRoot(row).equals(lineRoot(metadata, Axis.ROW, primary));
    }

    /**
     * Checks a secondary sliver alone.
     *
     * @param metadata the blob's metadata
     * @param column the column that it is to be of
     * @param secondary the sliver
     * @return whether there is such a column, the length is exact, and the root is the metadata's
     */
    public static boolean verifySecondary(BlobMetadata metadata, int column, MemorySegment secondary) {
        Geometry geometry = metadata.geometry();
        return column >= 0
                && column < geometry.shards()
                && secondary.byteSize() == geometry.secondarySliverBytes(metadata.header().symbolSizeBytes())
                && metadata.columnRoot(column).equals(lineRoot(metadata, Axis.COLUMN, secondary));
    }

    private static Digest lineRoot(BlobMetadata metadata, Axis axis, MemorySegment sliver) {
        Geometry geometry = metadata.geometry();
        byte[] symbolRoots = new byte[geometry.shards() * Digest.BYTES];
        try (Arena arena = Arena.ofConfined()) {
            long lineBytes = geometry.lineBytes(metadata.header().symbolSizeBytes());
            return lineRoot(metadata, axis, sliver, arena.allocate(lineBytes, LINE_ALIGNMENT_BYTES), symbolRoots);
        }
    }

    private static Digest lineRoot(
            BlobMetadata metadata, Axis axis, MemorySegment sliver, MemorySegment line, byte[] symbolRoots) {
        Geometry geometry = metadata.geometry();
        int symbolSizeBytes = metadata.header().symbolSizeBytes();
        BlobMatrix matrix = new BlobMatrix(geometry, symbolSizeBytes);
        MemorySegment.copy(sliver, 0, line, 0, sliver.byteSize());
        if (axis == Axis.ROW) {
            matrix.extendRow(line);
        } else {
            matrix.extendColumn(line);
        }
        SymbolTree.roots(line, 0, symbolSizeBytes, geometry.shards(), MemorySegment.ofArray(symbolRoots), 0);
        return MerkleTree.rootOfLeafHashes(symbolRoots);
    }
}
