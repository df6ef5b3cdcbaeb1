package dev.moraine.codec;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Encodes a blob to its matrix on bit planes. The source is turned to planes once; rows are extended from these planes
 * and leave planes for the columns; so every symbol changes its layout once, whichever codes it takes part in. It works
 * on one cell of every symbol at a time, which stays in the second-level cache.
 *
 * <p>Immutable and thread-safe.
 */
final class PlaneMatrix {
    /** Bytes of each symbol that are worked on at once. */
    private static final int CELL = PlaneKernels.CELL_BYTES;

    /** Up to this part of a cell, table shuffles are cheaper. */
    private static final int MIN_CELL_FRACTION = 4;

    private final int shards;
    private final int sourceRows;
    private final int sourceColumns;
    private final long symbolBytes;
    private final long lineBytes;
    private final PlaneProgram columnProgram;
    private final PlaneProgram rowProgram;
    private final long planesLine;
    private final long block;
    private final long side;
    private final long staging;

    private PlaneMatrix(Geometry geometry, int symbolBytes) {
        shards = geometry.shards();
        sourceRows = geometry.sourceRows();
        sourceColumns = geometry.sourceColumns();
        this.symbolBytes = symbolBytes;
        lineBytes = geometry.lineBytes(symbolBytes);
        columnProgram = PlaneProgram.encoding(sourceRows, shards - sourceRows);
        rowProgram = PlaneProgram.encoding(sourceColumns, shards - sourceColumns);
        planesLine = (long) shards * CELL;
        long programBytes = (long) programRows(geometry) * CELL;
        block = sourceRows * planesLine;
        side = block + programBytes;
        staging = side + programBytes;
    }

    /**
     * A way to encode matrices, if planes are one.
     *
     * @param geometry the numbers of the committee
     * @param symbolBytes the symbol size
     * @return null if there are no kernels for the codes of the geometry, or not enough memory in a workspace
     */
    static @Nullable PlaneMatrix of(Geometry geometry, int symbolBytes) {
        int shards = geometry.shards();
        int sourceRows = geometry.sourceRows();
        int sourceColumns = geometry.sourceColumns();
        int workspaceCells = shards * sourceRows + 2 * programRows(geometry) + shards;
        return PlaneProgram.exists(sourceRows, shards - sourceRows)
                        && PlaneProgram.exists(sourceColumns, shards - sourceColumns)
                        && workspaceCells <= Workspace.SIZE_BYTES / CELL
                ? new PlaneMatrix(geometry, symbolBytes)
                : null;
    }

    /** Rows of the block and of the side, for the programs of rows and of columns. */
    private static int programRows(Geometry geometry) {
        int shards = geometry.shards();
        return Math.max(
                PlaneProgram.rows(geometry.sourceRows(), shards - geometry.sourceRows()),
                PlaneProgram.rows(geometry.sourceColumns(), shards - geometry.sourceColumns()));
    }

    /**
     * How much of a strip to encode on planes: a cell that is nearly empty costs as much as a full one.
     *
     * @param bytes length of the strip
     * @return all of it, or whole cells
     */
    int suitedBytes(int bytes) {
        int rest = bytes % CELL;
        return rest <= CELL / MIN_CELL_FRACTION ? bytes - rest : bytes;
    }

    /**
     * Encodes a strip of every symbol. Cells overlap at its end, rather than end after it.
     *
     * @param blob the blob
     * @param matrix {@code n·n·s} bytes
     * @param first first byte of the strip in each symbol
     * @param bytes length of the strip
     */
    void encode(MemorySegment blob, MemorySegment matrix, int first, int bytes) {
        MemorySegment cells = Workspace.ofThread().strips();
        int end = first + bytes;
        for (int at = first; at < end; at += CELL) {
            int cellAt = Math.max(first, Math.min(at, end - CELL));
            int cellBytes = Math.min(bytes, CELL);
            // Kernels see native memory only: with heap segments among them, the JIT allocates every slice.
            boolean isDirect = cellBytes == CELL && matrix.isNative();
            encodeRows(blob, matrix, isDirect, cells, cellAt, cellBytes);
            encodeColumns(matrix, isDirect, cells, cellAt, cellBytes);
        }
    }

    private void encodeRows(
            MemorySegment blob, MemorySegment matrix, boolean isDirect, MemorySegment cells, int first, int bytes) {
        int parityColumns = shards - sourceColumns;
        for (int row = 0; row < sourceRows; row++) {
            long blobAt = (long) row * sourceColumns * symbolBytes + first;
            long rowAt = row * lineBytes + first;
            long planesAt = row * planesLine;
            boolean isWhole = blobAt + (sourceColumns - 1) * symbolBytes + CELL <= blob.byteSize();
            if (isDirect && isWhole && blob.isNative()) {
                PlaneKernels.toPlanes(
                        blob, blobAt, symbolBytes, cells, planesAt, CELL, matrix, rowAt, symbolBytes, sourceColumns);
            } else {
                gather(blob, blobAt, cells, bytes);
                PlaneKernels.toPlanes(
                        cells, staging, CELL, cells, planesAt, CELL, cells, staging, CELL, sourceColumns);
                scatter(cells, matrix, rowAt, symbolBytes, bytes, sourceColumns);
            }
            rowProgram.run(cells, planesAt, CELL, block, side);
            long parityAt = planesAt + (long) sourceColumns * CELL;
            long toAt = rowAt + sourceColumns * symbolBytes;
            if (isDirect) {
                PlaneKernels.toBytesAndCopy(
                        cells, block, CELL, matrix, toAt, symbolBytes, cells, parityAt, CELL, parityColumns);
            } else {
                PlaneKernels.toBytesAndCopy(
                        cells, block, CELL, cells, staging, CELL, cells, parityAt, CELL, parityColumns);
                scatter(cells, matrix, toAt, symbolBytes, bytes, parityColumns);
            }
        }
    }

    private void encodeColumns(
            MemorySegment matrix, boolean isDirect, MemorySegment cells, int first, int bytes) {
        int parityRows = shards - sourceRows;
        for (int column = 0; column < shards; column++) {
            columnProgram.run(cells, (long) column * CELL, planesLine, block, side);
            long toAt = sourceRows * lineBytes + column * symbolBytes + first;
            if (isDirect) {
                PlaneKernels.toBytes(cells, block, CELL, matrix, toAt, lineBytes, parityRows);
            } else {
                PlaneKernels.toBytes(cells, block, CELL, cells, staging, CELL, parityRows);
                scatter(cells, matrix, toAt, lineBytes, bytes, parityRows);
            }
        }
    }

    /** Copies what the blob has of a row of cells to the staging room, and zeros for what it lacks. */
    private void gather(MemorySegment blob, long blobAt, MemorySegment cells, int bytes) {
        for (int column = 0; column < sourceColumns; column++) {
            long from = blobAt + column * symbolBytes;
            long to = staging + (long) column * CELL;
            long copied = Math.clamp(blob.byteSize() - from, 0, bytes);
            if (copied > 0) {
                MemorySegment.copy(blob, from, cells, to, copied);
            }
            cells.asSlice(to + copied, CELL - copied).fill((byte) 0);
        }
    }

    private void scatter(MemorySegment cells, MemorySegment matrix, long at, long next, int bytes, int count) {
        for (int i = 0; i < count; i++) {
            MemorySegment.copy(cells, staging + (long) i * CELL, matrix, at + i * next, bytes);
        }
    }
}
