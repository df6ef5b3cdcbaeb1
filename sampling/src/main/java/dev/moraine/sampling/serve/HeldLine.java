package dev.moraine.sampling.serve;

import dev.moraine.codec.BlobLines;
import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.proof.Axis;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A row or column of which a node holds the sliver. Most readers want one symbol of a line, so the first ones beyond the
 * sliver are computed one by one; whoever asks for more gets the whole line extended, once, which bounds the work of a
 * request. Not thread-safe.
 */
final class HeldLine {
    /** About so many single symbols cost as much as the whole line. */
    static final int MAX_SINGLE_SYMBOLS = 4;

    private static final int NONE = -1;

    private final BlobMatrix matrix;
    private final Axis axis;
    private final MemorySegment sliver;
    private @Nullable Arena arena;
    private @Nullable MemorySegment single;
    private @Nullable MemorySegment whole;
    private int singleIndex = NONE;
    private int singles;

    /**
     * A line of which nothing is computed yet.
     *
     * @param matrix geometry and symbol size
     * @param axis what the line is
     * @param sliver its first symbols, as they are stored
     */
    HeldLine(BlobMatrix matrix, Axis axis, MemorySegment sliver) {
        this.matrix = matrix;
        this.axis = axis;
        this.sliver = sliver;
    }

    /**
     * A symbol of the line.
     *
     * @param index from 0 to {@code n − 1}
     * @return its bytes, valid until the next call or {@link #release()}
     */
    MemorySegment symbol(int index) {
        long offset = (long) index * matrix.symbolSizeBytes();
        if (offset < sliver.byteSize()) {
            return sliver.asSlice(offset, matrix.symbolSizeBytes());
        }
        if (whole == null && index != singleIndex && singles == MAX_SINGLE_SYMBOLS) {
            whole = extended();
        }
        return whole != null ? whole.asSlice(offset, matrix.symbolSizeBytes()) : computed(index);
    }

    /** Bytes that were allocated for symbols beyond the sliver. */
    long computedBytes() {
        return (single == null ? 0 : single.byteSize()) + (whole == null ? 0 : whole.byteSize());
    }

    /** Frees what was computed. */
    void release() {
        if (arena != null) {
            arena.close();
        }
    }

    private MemorySegment computed(int index) {
        MemorySegment symbol = single;
        if (symbol == null) {
            symbol = allocate(matrix.symbolSizeBytes());
            single = symbol;
        }
        if (index != singleIndex) {
            BlobLines lines = new BlobLines(matrix);
            if (axis == Axis.ROW) {
                lines.symbolOfRow(sliver, index, symbol);
            } else {
                lines.symbolOfColumn(sliver, index, symbol);
            }
            singleIndex = index;
            singles++;
        }
        return symbol;
    }

    private MemorySegment extended() {
        MemorySegment line = allocate(matrix.geometry().lineBytes(matrix.symbolSizeBytes()));
        MemorySegment.copy(sliver, 0, line, 0, sliver.byteSize());
        if (axis == Axis.ROW) {
            matrix.extendRow(line);
        } else {
            matrix.extendColumn(line);
        }
        return line;
    }

    private MemorySegment allocate(long bytes) {
        if (arena == null) {
            arena = Arena.ofShared();
        }
        return arena.allocate(bytes, Geometry.SYMBOL_ALIGNMENT_BYTES);
    }
}
