package dev.moraine.codec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The rows of short strips that a thread computes on. Shards are copied in and out: then a kernel sees one segment of
 * aligned native memory, whatever the shards are made of and wherever they lie, and the JIT removes all its checks;
 * with a segment for every row it does not, and kernels run several times slower. The copies cost about half a
 * nanosecond for 64 bytes and take place in the second-level cache.
 *
 * <p>Confined to a thread; the collector frees the memory when the thread has ended.
 */
final class Workspace {
    /** Bytes that a thread keeps. */
    static final int SIZE_BYTES = 512 * 1024;

    /** Strips are not longer: one fits a page. */
    private static final int MAX_STRIP_BYTES = 4032;

    /** Strips are not shorter: the work on one outweighs the calls it takes. */
    private static final int MIN_STRIP_BYTES = 960;

    /** All rows together stay below this where the shortest strips allow. */
    private static final int CACHE_BYTES = 32 * 1024;

    private static final ThreadLocal<Workspace> OF_THREAD = ThreadLocal.withInitial(Workspace::new);

    private final MemorySegment strips = Arena.ofAuto().allocate(SIZE_BYTES, 64);

    private Workspace() {}

    /** The workspace of the calling thread. */
    static Workspace ofThread() {
        return OF_THREAD.get();
    }

    /** The memory, aligned to the widest vectors. */
    MemorySegment strips() {
        return strips;
    }

    /**
     * The length of strips when so many rows are worked on at once.
     *
     * @param rows strips that are needed together
     * @return bytes of a strip, an odd multiple of 64, so that rows do not fall on the same cache lines
     */
    static int stripBytes(int rows) {
        int fitting = Math.clamp(CACHE_BYTES / rows, MIN_STRIP_BYTES, MAX_STRIP_BYTES);
        return (fitting / 64 - 1 | 1) * 64;
    }
}
