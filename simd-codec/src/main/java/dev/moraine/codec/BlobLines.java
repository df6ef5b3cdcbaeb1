package dev.moraine.codec;

import java.lang.foreign.MemorySegment;

/**
 * Single lines and symbols of a {@link BlobMatrix} without the rest of it: a node that holds one sliver computes any of
 * the line's n symbols, and whoever has the blob any of its slivers, at the cost of one row of the code's matrix. What
 * depends on the place only is set up when it is first asked for, and kept for all matrices of the geometry.
 *
 * <p>All memory is the caller's. Every method checks its arguments before it writes a byte; a segment must have exactly
 * the size that is named, must be alive and accessible by the calling thread, and must share no byte with one that is
 * written.
 *
 * <p>Immutable and thread-safe.
 */
public final class BlobLines {
    private static final int NO_INDEX = SegmentArguments.NO_INDEX;

    private final Geometry geometry;
    private final int symbolSizeBytes;
    private final ReedSolomon columnCode;
    private final ReedSolomon rowCode;

    /**
     * Lines of a matrix.
     *
     * @param matrix gives geometry and symbol size
     */
    public BlobLines(BlobMatrix matrix) {
        geometry = matrix.geometry();
        symbolSizeBytes = matrix.symbolSizeBytes();
        columnCode = ReedSolomon.of(geometry.sourceRows(), geometry.shards());
        rowCode = ReedSolomon.of(geometry.sourceColumns(), geometry.shards());
    }

    /**
     * Computes or copies one symbol of a row.
     *
     * @param primarySliver the first k₂ symbols of the row, {@code k₂·s} bytes
     * @param column which symbol, from 0 to {@code n − 1}
     * @param symbol receives s bytes
     * @throws IllegalArgumentException if the column or a segment is not as it must be; nothing was written
     */
    public void symbolOfRow(MemorySegment primarySliver, int column, MemorySegment symbol) {
        checkIndex("column", column);
        check("primarySliver", primarySliver, geometry.primarySliverBytes(symbolSizeBytes));
        checkWritten("symbol", symbol, symbolSizeBytes, "primarySliver", primarySliver);
        symbolOf(rowCode, primarySliver, column, symbol);
    }

    /**
     * Computes or copies one symbol of a column.
     *
     * @param secondarySliver the first k₁ symbols of the column, {@code k₁·s} bytes
     * @param row which symbol, from 0 to {@code n − 1}
     * @param symbol receives s bytes
     * @throws IllegalArgumentException if the row or a segment is not as it must be; nothing was written
     */
    public void symbolOfColumn(MemorySegment secondarySliver, int row, MemorySegment symbol) {
        checkIndex("row", row);
        check("secondarySliver", secondarySliver, geometry.secondarySliverBytes(symbolSizeBytes));
        checkWritten("symbol", symbol, symbolSizeBytes, "secondarySliver", secondarySliver);
        symbolOf(columnCode, secondarySliver, row, symbol);
    }

    /**
     * Computes or copies a primary sliver, the first k₂ symbols of a row.
     *
     * @param paddedBlob {@code k₁·k₂·s} bytes, zeros after the blob's end included
     * @param row from 0 to {@code n − 1}
     * @param sliver receives {@code k₂·s} bytes
     * @throws IllegalArgumentException if the row or a segment is not as it must be; nothing was written
     */
    public void primarySliver(MemorySegment paddedBlob, int row, MemorySegment sliver) {
        long sliverBytes = geometry.primarySliverBytes(symbolSizeBytes);
        checkIndex("row", row);
        check("paddedBlob", paddedBlob, geometry.paddedBlobBytes(symbolSizeBytes));
        checkWritten("sliver", sliver, sliverBytes, "paddedBlob", paddedBlob);
        CallState state = CallState.ofThread();
        computeOrCopy(
                columnCode,
                row,
                state.shards().lookIn(paddedBlob, 0, sliverBytes, sliverBytes, 1, 0),
                state.target().lookIn(sliver, -row * sliverBytes, sliverBytes, sliverBytes, 1, 0));
    }

    /**
     * Computes or copies a secondary sliver, the first k₁ symbols of a column.
     *
     * @param paddedBlob {@code k₁·k₂·s} bytes, zeros after the blob's end included
     * @param column from 0 to {@code n − 1}
     * @param sliver receives {@code k₁·s} bytes
     * @throws IllegalArgumentException if the column or a segment is not as it must be; nothing was written
     */
    public void secondarySliver(MemorySegment paddedBlob, int column, MemorySegment sliver) {
        checkIndex("column", column);
        check("paddedBlob", paddedBlob, geometry.paddedBlobBytes(symbolSizeBytes));
        checkWritten("sliver", sliver, geometry.secondarySliverBytes(symbolSizeBytes), "paddedBlob", paddedBlob);
        CallState state = CallState.ofThread();
        long size = symbolSizeBytes;
        int rows = geometry.sourceRows();
        long blobRowBytes = geometry.primarySliverBytes(symbolSizeBytes);
        computeOrCopy(
                rowCode,
                column,
                state.shards().lookIn(paddedBlob, 0, size, size, rows, blobRowBytes),
                state.target().lookIn(sliver, -column * size, size, size, rows, size));
    }

    private void symbolOf(ReedSolomon code, MemorySegment sliver, int index, MemorySegment symbol) {
        CallState state = CallState.ofThread();
        long size = symbolSizeBytes;
        computeOrCopy(
                code,
                index,
                state.shards().lookIn(sliver, 0, size, size, 1, 0),
                state.target().lookIn(symbol, -index * size, size, size, 1, 0));
    }

    /** The target's view begins so far before its segment that the one shard that is written lies at its front. */
    private static void computeOrCopy(ReedSolomon code, int shard, ShardMemory data, ShardMemory target) {
        try {
            if (shard < code.dataShards()) {
                data.copyShard(shard, target);
            } else {
                code.encodeOne(shard, data, target);
            }
        } finally {
            data.release();
            target.release();
        }
    }

    private void checkIndex(String name, int index) {
        if (index < 0 || index >= geometry.shards()) {
            throw new IllegalArgumentException(
                    name + " must be from 0 to " + (geometry.shards() - 1) + ", but is " + index);
        }
    }

    private static void check(String name, MemorySegment segment, long requiredBytes) {
        SegmentArguments.checkReadable(name, NO_INDEX, segment, requiredBytes);
    }

    private static void checkWritten(
            String name, MemorySegment written, long requiredBytes, String readName, MemorySegment read) {
        SegmentArguments.checkWritable(name, NO_INDEX, written, requiredBytes);
        SegmentArguments.checkApart(readName, NO_INDEX, read, name, NO_INDEX, written);
    }
}
