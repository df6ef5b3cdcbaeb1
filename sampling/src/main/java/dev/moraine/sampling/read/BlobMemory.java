package dev.moraine.sampling.read;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Memory of a blob that several results share, freed with the last of them. Thread-safe.
 */
final class BlobMemory {
    private final Arena arena;
    private final MemorySegment bytes;
    private final AtomicInteger holders = new AtomicInteger(1);

    /**
     * Takes an arena over, on behalf of a first holder.
     *
     * @param arena shared; closed with the last holder
     * @param bytes the blob
     */
    BlobMemory(Arena arena, MemorySegment bytes) {
        this.arena = arena;
        this.bytes = bytes;
    }

    /** The blob, alive as long as somebody holds this. */
    MemorySegment bytes() {
        return bytes;
    }

    /** Adds a holder. The caller is one already. */
    void hold() {
        if (holders.getAndIncrement() < 1) {
            throw new IllegalStateException("the memory of a blob was freed before");
        }
    }

    /** Takes a holder away. */
    void release() {
        if (holders.decrementAndGet() == 0) {
            arena.close();
        }
    }
}
