package dev.moraine.sampling.repair;

import dev.moraine.codec.Geometry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The memory of repair, taken once: pieces of it are handed out, the lowest that fits first, and given back. What is
 * longer than all of it gets memory of its own, while nothing else is handed out.
 *
 * <p>For one thread; the pieces may be used by any. The memory is freed when nobody can reach it any more, so that a late
 * answer never writes into freed memory.
 */
final class RepairMemory {
    private final long capacityBytes;
    private final Map<Long, Long> used = new TreeMap<>();
    private @Nullable MemorySegment slab;
    private boolean isBeyond;

    /**
     * A piece of memory.
     *
     * @param bytes the memory
     * @param offset where it is, or {@link #BEYOND}
     */
    record Piece(MemorySegment bytes, long offset) {
        /** Memory of its own. */
        static final long BEYOND = -1;
    }

    /**
     * Memory that is taken when the first piece is.
     *
     * @param capacityBytes how much
     */
    RepairMemory(long capacityBytes) {
        this.capacityBytes = capacityBytes;
    }

    /**
     * Hands out a piece.
     *
     * @param lengthBytes how long
     * @return the piece, or null if there is no room now
     */
    @Nullable Piece take(long lengthBytes) {
        if (isBeyond) {
            return null;
        }
        if (lengthBytes > capacityBytes) {
            if (!used.isEmpty()) {
                return null;
            }
            isBeyond = true;
            return new Piece(allocate(lengthBytes), Piece.BEYOND);
        }
        long alignedBytes = Math.ceilDiv(lengthBytes, Geometry.SYMBOL_ALIGNMENT_BYTES) * Geometry.SYMBOL_ALIGNMENT_BYTES;
        long offset = 0;
        for (Map.Entry<Long, Long> each : used.entrySet()) {
            if (each.getKey() - offset >= alignedBytes) {
                break;
            }
            offset = each.getKey() + each.getValue();
        }
        if (capacityBytes - offset < alignedBytes) {
            return null;
        }
        used.put(offset, alignedBytes);
        MemorySegment all = slab;
        if (all == null) {
            all = allocate(capacityBytes);
            slab = all;
        }
        return new Piece(all.asSlice(offset, lengthBytes), offset);
    }

    /**
     * Takes a piece back, to which nobody writes any more.
     *
     * @param piece as it was handed out
     */
    void giveBack(Piece piece) {
        if (piece.offset() == Piece.BEYOND) {
            isBeyond = false;
        } else {
            used.remove(piece.offset());
        }
    }

    private static MemorySegment allocate(long lengthBytes) {
        return Arena.ofAuto().allocate(lengthBytes, Geometry.SYMBOL_ALIGNMENT_BYTES);
    }
}
