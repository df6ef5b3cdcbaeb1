package dev.moraine.codec;

import dev.moraine.codec.field.CantorField;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What a call needs besides the shards, kept for the next call of the same thread, so that none allocates.
 *
 * <p>Confined to a thread. Calls do not nest.
 */
final class CallState {
    private static final int[] GAPS = {57, 23, 10, 4, 1};

    private static final ThreadLocal<CallState> OF_THREAD = ThreadLocal.withInitial(CallState::new);

    private final ShardMemory shards = new ShardMemory();
    private final ShardMemory target = new ShardMemory();
    private final RecoveryPattern pattern = new RecoveryPattern();
    private final long[] addresses = new long[CantorField.SIZE];

    private CallState() {}

    /** The state of the calling thread. */
    static CallState ofThread() {
        return OF_THREAD.get();
    }

    /** A view for the shards of the call; release it in the end, or the memory stays reachable. */
    ShardMemory shards() {
        return shards;
    }

    /** A view for the only shard that a call writes, when it lies apart from those it reads; to be released, too. */
    ShardMemory target() {
        return target;
    }

    /** A pattern for the recovery of the call. */
    RecoveryPattern pattern() {
        return pattern;
    }

    /**
     * Whether segments are certain to share no byte, without a look at every pair of them. Segments on the heap have no
     * addresses to compare.
     *
     * @param segments up to 256, entries may be null
     * @param segmentBytes the size of each
     * @return false if they may overlap
     */
    boolean areApart(@Nullable MemorySegment[] segments, long segmentBytes) {
        int count = 0;
        for (MemorySegment segment : segments) {
            if (segment == null) {
                continue;
            }
            if (!segment.isNative()) {
                return false;
            }
            addresses[count++] = segment.address();
        }
        sortAddresses(count);
        for (int i = 1; i < count; i++) {
            if (addresses[i] - addresses[i - 1] < segmentBytes) {
                return false;
            }
        }
        return true;
    }

    /** By D. L. Shell's method, because {@code Arrays.sort} allocates; shards mostly come in order anyway. */
    private void sortAddresses(int count) {
        for (int gap : GAPS) {
            for (int next = gap; next < count; next++) {
                long address = addresses[next];
                int place = next;
                for (; place >= gap && addresses[place - gap] > address; place -= gap) {
                    addresses[place] = addresses[place - gap];
                }
                addresses[place] = address;
            }
        }
    }
}
