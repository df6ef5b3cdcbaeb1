package dev.moraine.storage.segment;

import dev.moraine.storage.disk.DiskFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The read-only mapping of a segment, made when it is first asked for.
 *
 * <p>Threading: any thread; nobody waits once there is a mapping.
 */
final class SegmentMapping {
    private final DiskFile file;
    private final long capacityBytes;
    private volatile @Nullable MemorySegment memory;
    private @Nullable Arena arena;
    private boolean closed;

    /**
     * Nothing is mapped yet.
     *
     * @param file what to map
     * @param capacityBytes how much of it
     */
    SegmentMapping(DiskFile file, long capacityBytes) {
        this.file = file;
        this.capacityBytes = capacityBytes;
    }

    /**
     * The mapping.
     *
     * @return all of the segment, read-only; what is written into the file shows in it
     * @throws IOException if it cannot be mapped
     */
    MemorySegment get() throws IOException {
        MemorySegment present = memory;
        return present == null ? map() : present;
    }

    private synchronized MemorySegment map() throws IOException {
        MemorySegment present = memory;
        if (present != null) {
            return present;
        }
        if (closed) {
            throw new IOException("the segment is closed");
        }
        Arena opened = Arena.ofShared();
        try {
            present = file.map(capacityBytes, opened);
            arena = opened;
            memory = present;
            return present;
        } finally {
            if (arena == null) {
                opened.close();
            }
        }
    }

    /** Ends the mapping. Whoever still reads from it gets an {@link IllegalStateException}. */
    synchronized void close() {
        closed = true;
        Arena mapped = arena;
        if (mapped != null) {
            arena = null;
            mapped.close();
        }
    }
}
