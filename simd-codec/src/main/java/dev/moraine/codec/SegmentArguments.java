package dev.moraine.codec;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks of segments that callers pass in. Each throws {@link IllegalArgumentException} with the name of the argument,
 * its value and the limit, and all of them run before a byte is written. An index of {@link #NO_INDEX} means that the
 * argument is no array.
 */
final class SegmentArguments {
    /** Index of an argument that is no array. */
    static final int NO_INDEX = -1;

    /** Never runs: some thread that is not the caller's. */
    private static final Thread ANOTHER_THREAD =
            Thread.ofPlatform().inheritInheritableThreadLocals(false).unstarted(() -> {});

    private SegmentArguments() {}

    /** Checks that an array has as many entries as it must have. */
    static void checkCount(String name, int count, int required) {
        if (count != required) {
            throw new IllegalArgumentException(name + " must have " + required + " entries, but has " + count);
        }
    }

    /**
     * Checks that the memory of a segment is still there, may be used by this thread, and has exactly the given size.
     */
    static void checkReadable(String name, int index, MemorySegment segment, long requiredBytes) {
        checkReadable(name, index, segment);
        if (segment.byteSize() != requiredBytes) {
            throw new IllegalArgumentException(label(name, index) + " must have " + requiredBytes + " bytes, but has "
                    + segment.byteSize());
        }
    }

    /** Checks that the memory of a segment is still there and may be used by this thread. */
    static void checkReadable(String name, int index, @Nullable MemorySegment segment) {
        if (segment == null) {
            throw new IllegalArgumentException(label(name, index) + " must be a segment, but is null");
        }
        if (!segment.scope().isAlive()) {
            throw new IllegalArgumentException(label(name, index) + " must be alive, but its arena is closed");
        }
        if (!segment.isAccessibleBy(Thread.currentThread())) {
            throw new IllegalArgumentException(label(name, index) + " must be accessible by thread "
                    + Thread.currentThread().getName() + ", but its arena is confined to another one");
        }
    }

    /** Checks that any thread may use a segment. */
    static void checkShared(String name, MemorySegment segment) {
        if (!segment.isAccessibleBy(ANOTHER_THREAD)) {
            throw new IllegalArgumentException(
                    name + " must be accessible by all threads, but its arena is confined to one");
        }
    }

    /** Checks like {@link #checkReadable(String, int, MemorySegment, long)}, and that the segment is not read-only. */
    static void checkWritable(String name, int index, MemorySegment segment, long requiredBytes) {
        checkReadable(name, index, segment, requiredBytes);
        if (segment.isReadOnly()) {
            throw new IllegalArgumentException(label(name, index) + " must be writable, but is read-only");
        }
    }

    /** Checks that a segment shares no byte with another one that is written. */
    static void checkApart(
            String name,
            int index,
            MemorySegment segment,
            String writtenName,
            int writtenIndex,
            MemorySegment written) {
        Optional<MemorySegment> shared = written.asOverlappingSlice(segment);
        if (shared.isPresent()) {
            throw new IllegalArgumentException(label(name, index) + " must not overlap "
                    + label(writtenName, writtenIndex) + ", but shares " + shared.get().byteSize()
                    + " bytes with it");
        }
    }

    private static String label(String name, int index) {
        return index == NO_INDEX ? name : name + "[" + index + "]";
    }
}
