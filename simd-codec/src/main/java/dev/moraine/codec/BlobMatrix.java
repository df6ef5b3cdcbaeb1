package dev.moraine.codec;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The {@code n × n} matrix of symbols that a blob becomes (protocol, section 3): the blob fills the first k₁ rows
 * of the first k₂ columns, row by row; every row is a codeword of {@code RS(k₂, n)}, every column one of {@code
 * RS(k₁, n)}.
 *
 * <p>All memory is the caller's. A matrix is row-major: symbol {@code (r, c)} begins at byte {@code (r·n + c)·s}. Every
 * method checks its arguments before it writes a byte; a segment must have exactly the size that is named, must be
 * alive and accessible by the calling thread, and must share no byte with one that is written.
 *
 * <p>Immutable and thread-safe.
 */
public final class BlobMatrix {
    private static final int NO_INDEX = SegmentArguments.NO_INDEX;

    /** Threads take strips of a multiple of this: kernels are best at whole cells, and no cell is larger. */
    private static final int PARALLEL_UNIT_BYTES = 512;

    private final Geometry geometry;
    private final int symbolSizeBytes;
    private final ReedSolomon columnCode;
    private final ReedSolomon rowCode;
    private final MatrixEncoding encoding;

    /**
     * A matrix of the given geometry and symbol size.
     *
     * @param geometry the numbers of the committee
     * @param symbolSizeBytes s, a positive multiple of {@link Geometry#SYMBOL_ALIGNMENT_BYTES}, at most that of the
     *     longest blob
     * @throws IllegalArgumentException if the symbol size is not such a number
     * @throws IllegalStateException if a kernel was forced that does not run here
     */
    public BlobMatrix(Geometry geometry, int symbolSizeBytes) {
        int maxSymbolSizeBytes = geometry.symbolSizeBytes(Geometry.MAX_BLOB_BYTES);
        if (symbolSizeBytes < 1
                || symbolSizeBytes > maxSymbolSizeBytes
                || symbolSizeBytes % Geometry.SYMBOL_ALIGNMENT_BYTES != 0) {
            throw new IllegalArgumentException("symbolSizeBytes must be a multiple of "
                    + Geometry.SYMBOL_ALIGNMENT_BYTES + " from " + Geometry.SYMBOL_ALIGNMENT_BYTES + " to "
                    + maxSymbolSizeBytes + ", but is " + symbolSizeBytes);
        }
        this.geometry = geometry;
        this.symbolSizeBytes = symbolSizeBytes;
        columnCode = ReedSolomon.of(geometry.sourceRows(), geometry.shards());
        rowCode = ReedSolomon.of(geometry.sourceColumns(), geometry.shards());
        encoding = new MatrixEncoding(geometry, symbolSizeBytes, columnCode, rowCode);
    }

    /**
     * The numbers of the committee.
     *
     * @return the geometry
     */
    public Geometry geometry() {
        return geometry;
    }

    /**
     * The symbol size.
     *
     * @return s in bytes
     */
    public int symbolSizeBytes() {
        return symbolSizeBytes;
    }

    /**
     * Encodes a blob to its full matrix. What the blob lacks to {@code k₁·k₂·s} bytes counts as zeros.
     *
     * @param blob the blob, from 1 to {@code k₁·k₂·s} bytes
     * @param matrix receives {@code n·n·s} bytes
     * @throws IllegalArgumentException if a segment is not as it must be; nothing was written
     */
    public void encode(MemorySegment blob, MemorySegment matrix) {
        encodeStrip(blob, matrix, 0, symbolSizeBytes);
    }

    /**
     * Encodes the same bytes of every symbol and leaves the other bytes of the matrix alone. Bytes of a symbol depend
     * on the same bytes of other symbols only, so all strips of a blob together give its matrix, in any order; several
     * threads may encode strips that have no byte in common at the same time, and whoever reads symbols can read each
     * strip while it is in the cache.
     *
     * @param blob the blob, from 1 to {@code k₁·k₂·s} bytes; what it lacks counts as zeros
     * @param matrix {@code n·n·s} bytes
     * @param firstByte the first byte of each symbol to encode, a multiple of 64 below s
     * @param lengthBytes how many bytes of each symbol, a positive multiple of 64, up to the end of the symbol at most
     * @throws IllegalArgumentException if the strip or a segment is not as it must be; nothing was written
     */
    public void encodeStrip(MemorySegment blob, MemorySegment matrix, int firstByte, int lengthBytes) {
        checkMatrix(blob, matrix);
        checkStrip(firstByte, lengthBytes);
        encoding.encode(blob, matrix, firstByte, lengthBytes);
    }

    /**
     * Encodes a blob to its full matrix on several threads. The call never waits for a task that has not begun, so it
     * ends whatever the executor does, the calling thread being one of its own included.
     *
     * @param blob the blob, from 1 to {@code k₁·k₂·s} bytes; what it lacks counts as zeros
     * @param matrix receives {@code n·n·s} bytes
     * @param threads strips to cut the symbols into, at least 1
     * @param executor may run some of them; the calling thread encodes what nobody else has begun
     * @throws IllegalArgumentException if the count or a segment is not as it must be, or a segment belongs to one
     *     thread only; nothing was written
     * @throws IllegalStateException if an arena is closed meanwhile; parts of the matrix may be written, and nobody
     *     writes to it any more
     */
    public void encode(MemorySegment blob, MemorySegment matrix, int threads, Executor executor) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, but is " + threads);
        }
        checkMatrix(blob, matrix);
        SegmentArguments.checkShared("blob", blob);
        SegmentArguments.checkShared("matrix", matrix);
        int units = Math.ceilDiv(symbolSizeBytes, PARALLEL_UNIT_BYTES);
        int stripBytes = Math.ceilDiv(units, Math.min(threads, units)) * PARALLEL_UNIT_BYTES;
        SharedStrips strips = new SharedStrips(Math.ceilDiv(symbolSizeBytes, stripBytes), strip -> {
            int first = strip * stripBytes;
            encoding.encode(blob, matrix, first, Math.min(stripBytes, symbolSizeBytes - first));
        });
        strips.run(executor);
    }

    private void checkMatrix(MemorySegment blob, MemorySegment matrix) {
        SegmentArguments.checkReadable("blob", NO_INDEX, blob);
        long paddedBytes = geometry.paddedBlobBytes(symbolSizeBytes);
        if (blob.byteSize() < 1 || blob.byteSize() > paddedBytes) {
            throw new IllegalArgumentException(
                    "blob must have from 1 to " + paddedBytes + " bytes, but has " + blob.byteSize());
        }
        SegmentArguments.checkWritable("matrix", NO_INDEX, matrix, geometry.matrixBytes(symbolSizeBytes));
        SegmentArguments.checkApart("blob", NO_INDEX, blob, "matrix", NO_INDEX, matrix);
    }

    /**
     * Extends a row: computes its symbols from the k₂-th on.
     *
     * @param row {@code n·s} bytes, of which the first {@code k₂·s} are read and the others are written
     * @throws IllegalArgumentException if the segment is not as it must be; nothing was written
     */
    public void extendRow(MemorySegment row) {
        SegmentArguments.checkWritable("row", NO_INDEX, row, geometry.lineBytes(symbolSizeBytes));
        rowCode.encode(line(row));
    }

    /**
     * Extends a column: computes its symbols from the k₁-th on.
     *
     * @param column {@code n·s} bytes, the symbols of the column one after another, of which the first {@code k₁·s}
     *     are read and the others are written
     * @throws IllegalArgumentException if the segment is not as it must be; nothing was written
     */
    public void extendColumn(MemorySegment column) {
        SegmentArguments.checkWritable("column", NO_INDEX, column, geometry.lineBytes(symbolSizeBytes));
        columnCode.encode(line(column));
    }

    /**
     * Gathers a secondary sliver, the first k₁ symbols of a column, which lie apart in the matrix.
     *
     * @param matrix {@code n·n·s} bytes
     * @param column from 0 to {@code n − 1}
     * @param sliver receives {@code k₁·s} bytes
     * @throws IllegalArgumentException if the column or a segment is not as it must be; nothing was written
     */
    public void copySecondarySliver(MemorySegment matrix, int column, MemorySegment sliver) {
        checkIndex("column", NO_INDEX, column);
        SegmentArguments.checkReadable("matrix", NO_INDEX, matrix, geometry.matrixBytes(symbolSizeBytes));
        SegmentArguments.checkWritable("sliver", NO_INDEX, sliver, geometry.secondarySliverBytes(symbolSizeBytes));
        SegmentArguments.checkApart("matrix", NO_INDEX, matrix, "sliver", NO_INDEX, sliver);
        long lineBytes = geometry.lineBytes(symbolSizeBytes);
        long columnOffset = (long) column * symbolSizeBytes;
        for (int row = 0; row < geometry.sourceRows(); row++) {
            long sliverOffset = (long) row * symbolSizeBytes;
            MemorySegment.copy(matrix, row * lineBytes + columnOffset, sliver, sliverOffset, symbolSizeBytes);
        }
    }

    /**
     * Rebuilds the blob from primary slivers. If there are more than k₁, those of the lowest rows are used and the
     * others are ignored.
     *
     * @param rows the row of each sliver, distinct, in any order
     * @param slivers {@code k₂·s} bytes each
     * @param paddedBlob receives {@code k₁·k₂·s} bytes, zeros after the blob's end included
     * @throws TooFewShardsException if there are fewer than k₁ slivers; nothing was written
     * @throws IllegalArgumentException if a row, a count or a segment is not as it must be; nothing was written
     */
    public void decodeFromPrimaries(int[] rows, MemorySegment[] slivers, MemorySegment paddedBlob)
            throws TooFewShardsException {
        long sliverBytes = geometry.primarySliverBytes(symbolSizeBytes);
        long blobBytes = geometry.paddedBlobBytes(symbolSizeBytes);
        SegmentArguments.checkWritable("paddedBlob", NO_INDEX, paddedBlob, blobBytes);
        MemorySegment[] byRow = arrange("rows", rows, "slivers", slivers, sliverBytes, "paddedBlob", paddedBlob);
        recover(
                columnCode,
                geometry.sourceRows(),
                rows,
                ShardMemory.of(byRow, sliverBytes, 1),
                ShardMemory.in(paddedBlob, sliverBytes, sliverBytes, 1, 0));
    }

    /**
     * Rebuilds the blob from secondary slivers. If there are more than k₂, those of the lowest columns are used and
     * the others are ignored.
     *
     * @param columns the column of each sliver, distinct, in any order
     * @param slivers {@code k₁·s} bytes each
     * @param paddedBlob receives {@code k₁·k₂·s} bytes, zeros after the blob's end included
     * @throws TooFewShardsException if there are fewer than k₂ slivers; nothing was written
     * @throws IllegalArgumentException if a column, a count or a segment is not as it must be; nothing was written
     */
    public void decodeFromSecondaries(int[] columns, MemorySegment[] slivers, MemorySegment paddedBlob)
            throws TooFewShardsException {
        long sliverBytes = geometry.secondarySliverBytes(symbolSizeBytes);
        long blobBytes = geometry.paddedBlobBytes(symbolSizeBytes);
        SegmentArguments.checkWritable("paddedBlob", NO_INDEX, paddedBlob, blobBytes);
        MemorySegment[] byColumn =
                arrange("columns", columns, "slivers", slivers, sliverBytes, "paddedBlob", paddedBlob);
        int sourceRows = geometry.sourceRows();
        long blobRowBytes = geometry.primarySliverBytes(symbolSizeBytes);
        recover(
                rowCode,
                geometry.sourceColumns(),
                columns,
                ShardMemory.of(byColumn, symbolSizeBytes, sourceRows),
                ShardMemory.in(paddedBlob, symbolSizeBytes, symbolSizeBytes, sourceRows, blobRowBytes));
    }

    /**
     * Rebuilds a whole row from some of its symbols. If there are more than k₂, those of the lowest columns are used
     * and the others are ignored: the result is always a codeword.
     *
     * @param columns the column of each symbol, distinct, in any order
     * @param symbols s bytes each
     * @param row receives {@code n·s} bytes
     * @throws TooFewShardsException if there are fewer than k₂ symbols; nothing was written
     * @throws IllegalArgumentException if a column, a count or a segment is not as it must be; nothing was written
     */
    public void recoverRow(int[] columns, MemorySegment[] symbols, MemorySegment row) throws TooFewShardsException {
        SegmentArguments.checkWritable("row", NO_INDEX, row, geometry.lineBytes(symbolSizeBytes));
        MemorySegment[] byColumn = arrange("columns", columns, "symbols", symbols, symbolSizeBytes, "row", row);
        recover(rowCode, geometry.shards(), columns, ShardMemory.of(byColumn, symbolSizeBytes, 1), line(row));
    }

    /**
     * Rebuilds a whole column from some of its symbols. If there are more than k₁, those of the lowest rows are used
     * and the others are ignored: the result is always a codeword.
     *
     * @param rows the row of each symbol, distinct, in any order
     * @param symbols s bytes each
     * @param column receives {@code n·s} bytes, the symbols of the column one after another
     * @throws TooFewShardsException if there are fewer than k₁ symbols; nothing was written
     * @throws IllegalArgumentException if a row, a count or a segment is not as it must be; nothing was written
     */
    public void recoverColumn(int[] rows, MemorySegment[] symbols, MemorySegment column) throws TooFewShardsException {
        SegmentArguments.checkWritable("column", NO_INDEX, column, geometry.lineBytes(symbolSizeBytes));
        MemorySegment[] byRow = arrange("rows", rows, "symbols", symbols, symbolSizeBytes, "column", column);
        recover(columnCode, geometry.shards(), rows, ShardMemory.of(byRow, symbolSizeBytes, 1), line(column));
    }

    private void checkStrip(int firstByte, int lengthBytes) {
        int alignment = Geometry.SYMBOL_ALIGNMENT_BYTES;
        if (firstByte < 0 || firstByte >= symbolSizeBytes || firstByte % alignment != 0) {
            throw new IllegalArgumentException("firstByte must be a multiple of " + alignment + " from 0 to "
                    + (symbolSizeBytes - alignment) + ", but is " + firstByte);
        }
        if (lengthBytes < 1 || lengthBytes > symbolSizeBytes - firstByte || lengthBytes % alignment != 0) {
            throw new IllegalArgumentException("lengthBytes must be a multiple of " + alignment + " from " + alignment
                    + " to " + (symbolSizeBytes - firstByte) + ", but is " + lengthBytes);
        }
    }

    private ShardMemory line(MemorySegment line) {
        return ShardMemory.in(line, symbolSizeBytes, symbolSizeBytes, 1, 0);
    }

    /** Checks indices and segments against each other and against what is written, and sorts the segments by index. */
    private MemorySegment[] arrange(
            String indicesName,
            int[] indices,
            String segmentsName,
            MemorySegment[] segments,
            long segmentBytes,
            String writtenName,
            MemorySegment written) {
        SegmentArguments.checkCount(segmentsName, segments.length, indices.length);
        MemorySegment[] byIndex = new MemorySegment[geometry.shards()];
        BitSet seen = new BitSet(byIndex.length);
        for (int i = 0; i < indices.length; i++) {
            int index = indices[i];
            checkIndex(indicesName, i, index);
            if (seen.get(index)) {
                throw new IllegalArgumentException(
                        indicesName + " must be distinct, but " + indicesName + "[" + i + "] repeats " + index);
            }
            seen.set(index);
            SegmentArguments.checkReadable(segmentsName, i, segments[i], segmentBytes);
            SegmentArguments.checkApart(segmentsName, i, segments[i], writtenName, NO_INDEX, written);
            byIndex[index] = segments[i];
        }
        return byIndex;
    }

    private void checkIndex(String name, int position, int index) {
        if (index < 0 || index >= geometry.shards()) {
            throw new IllegalArgumentException((position == NO_INDEX ? name : name + "[" + position + "]")
                    + " must be from 0 to " + (geometry.shards() - 1) + ", but is " + index);
        }
    }

    /** Fills the first shards of the target memory: copies what is there, computes the rest. */
    private static void recover(
            ReedSolomon code, int wantedShards, int[] present, ShardMemory sourceMemory, ShardMemory targetMemory)
            throws TooFewShardsException {
        BitSet available = new BitSet(code.totalShards());
        for (int shard : present) {
            available.set(shard);
        }
        RecoveryPattern pattern = CallState.ofThread().pattern();
        code.chooseSources(available, pattern);
        for (int shard = 0; shard < wantedShards; shard++) {
            if (pattern.isSource(shard)) {
                sourceMemory.copyShard(shard, targetMemory);
            } else {
                pattern.addTarget(shard);
            }
        }
        code.recover(pattern, sourceMemory, targetMemory);
    }
}
