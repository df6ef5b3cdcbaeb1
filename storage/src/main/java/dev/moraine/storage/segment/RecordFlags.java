package dev.moraine.storage.segment;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One bit for every place where a record may begin in a segment. The memory lies outside the heap and is taken when the
 * first bit is set: a thousandth of the segment's length.
 *
 * <p>Threading: any thread; nobody waits once a bit has been set.
 */
final class RecordFlags {
    private static final VarHandle WORDS = ValueLayout.JAVA_LONG.arrayElementVarHandle();

    private final long capacityBytes;
    private volatile @Nullable MemorySegment words;

    /**
     * All bits are clear.
     *
     * @param capacityBytes length of the segment
     */
    RecordFlags(long capacityBytes) {
        this.capacityBytes = capacityBytes;
    }

    /**
     * Sets the bit of a place.
     *
     * @param offset where a record begins
     * @return whether it was clear
     */
    boolean set(long offset) {
        long bit = bit(offset);
        long mask = 1L << bit;
        long before = (long) WORDS.getAndBitwiseOr(allocated(), 0L, bit >> 6, mask);
        return (before & mask) == 0;
    }

    /**
     * Whether the bit of a place is set.
     *
     * @param offset where a record begins
     * @return whether it is
     */
    boolean isSet(long offset) {
        MemorySegment present = words;
        if (present == null) {
            return false;
        }
        long bit = bit(offset);
        return ((long) WORDS.getVolatile(present, 0L, bit >> 6) & 1L << bit) != 0;
    }

    private long bit(long offset) {
        if (offset < 0 || offset >= capacityBytes) {
            throw new IndexOutOfBoundsException("no record begins at " + offset + " of " + capacityBytes);
        }
        return offset / RecordDescriptor.ALIGNMENT_BYTES;
    }

    private MemorySegment allocated() {
        MemorySegment present = words;
        return present == null ? allocate() : present;
    }

    private synchronized MemorySegment allocate() {
        MemorySegment present = words;
        if (present == null) {
            long bits = (capacityBytes + RecordDescriptor.ALIGNMENT_BYTES - 1) / RecordDescriptor.ALIGNMENT_BYTES;
            present = Arena.ofAuto().allocate((bits + Long.SIZE - 1) / Long.SIZE * Long.BYTES, Long.BYTES);
            words = present;
        }
        return present;
    }
}
