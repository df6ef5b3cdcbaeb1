package dev.moraine.codec;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * How a matrix is encoded: on bit planes as far as the kernel has them and cells fill up, otherwise with one code after
 * the other.
 *
 * <p>Immutable and thread-safe. Checks nothing.
 */
final class MatrixEncoding {
    /** What an encoding works on at once stays below this, unless the windows would become too short. */
    private static final int WINDOW_CACHE_BYTES = 1024 * 1024;

    /** Shorter parts of a symbol cost more to move than they gain. */
    private static final int MIN_WINDOW_BYTES = 256;

    private final Geometry geometry;
    private final int symbolSizeBytes;
    private final int windowBytes;
    private final ReedSolomon columnCode;
    private final ReedSolomon rowCode;
    private final @Nullable PlaneMatrix planes;

    MatrixEncoding(Geometry geometry, int symbolSizeBytes, ReedSolomon columnCode, ReedSolomon rowCode) {
        this.geometry = geometry;
        this.symbolSizeBytes = symbolSizeBytes;
        this.columnCode = columnCode;
        this.rowCode = rowCode;
        windowBytes = windowBytes(geometry, symbolSizeBytes);
        planes = KernelChoice.kernelAtStart().prepareMatrix(geometry, symbolSizeBytes);
    }

    /**
     * Encodes the same bytes of every symbol.
     *
     * @param blob the blob
     * @param matrix {@code n·n·s} bytes
     * @param firstByte the first byte of each symbol to encode
     * @param lengthBytes how many bytes of each symbol
     */
    void encode(MemorySegment blob, MemorySegment matrix, int firstByte, int lengthBytes) {
        int onPlanes = planes == null ? 0 : planes.suitedBytes(lengthBytes);
        if (planes != null && onPlanes > 0) {
            planes.encode(blob, matrix, firstByte, onPlanes);
        }
        encodeByCodes(blob, matrix, firstByte + onPlanes, firstByte + lengthBytes);
    }

    /** Columns first, then rows, in windows, so that the rows find their data in the cache. */
    private void encodeByCodes(MemorySegment blob, MemorySegment matrix, int firstByte, int end) {
        long lineBytes = geometry.lineBytes(symbolSizeBytes);
        ShardMemory window = CallState.ofThread().shards();
        try {
            for (int first = firstByte; first < end; first += windowBytes) {
                int bytes = Math.min(windowBytes, end - first);
                placeSource(blob, matrix, first, bytes);
                columnCode.encode(window.lookIn(
                        matrix, first, lineBytes, bytes, geometry.sourceColumns(), symbolSizeBytes));
                rowCode.encode(window.lookIn(matrix, first, symbolSizeBytes, bytes, geometry.shards(), lineBytes));
            }
        } finally {
            window.release();
        }
    }

    /** Copies a part of every source symbol, the same bytes of each, to its place in the matrix. */
    private void placeSource(MemorySegment blob, MemorySegment matrix, int first, int bytes) {
        long blobBytes = blob.byteSize();
        long lineBytes = geometry.lineBytes(symbolSizeBytes);
        long blobOffset = first;
        for (int row = 0; row < geometry.sourceRows(); row++) {
            long offset = row * lineBytes + first;
            for (int column = 0; column < geometry.sourceColumns(); column++) {
                long copiedBytes = Math.clamp(blobBytes - blobOffset, 0, bytes);
                if (copiedBytes > 0) {
                    MemorySegment.copy(blob, blobOffset, matrix, offset, copiedBytes);
                }
                if (copiedBytes < bytes) {
                    matrix.asSlice(offset + copiedBytes, bytes - copiedBytes).fill((byte) 0);
                }
                blobOffset += symbolSizeBytes;
                offset += symbolSizeBytes;
            }
        }
    }

    /**
     * How many bytes of every symbol to finish before the next ones, so that rows are extended while what the columns
     * gave is still in the cache.
     */
    private static int windowBytes(Geometry geometry, int symbolSizeBytes) {
        int symbols = geometry.shards() * geometry.shards();
        int windows = Math.ceilDiv(symbolSizeBytes, Math.max(MIN_WINDOW_BYTES, WINDOW_CACHE_BYTES / symbols));
        int evenBytes = Math.ceilDiv(symbolSizeBytes, windows);
        return Math.ceilDiv(evenBytes, Geometry.SYMBOL_ALIGNMENT_BYTES) * Geometry.SYMBOL_ALIGNMENT_BYTES;
    }
}
