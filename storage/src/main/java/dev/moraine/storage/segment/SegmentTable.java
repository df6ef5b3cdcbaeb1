package dev.moraine.storage.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The segments that there are, by id.
 *
 * <p>Threading: one thread changes it, any number of threads look up. Nobody waits, and a lookup allocates nothing.
 */
public final class SegmentTable {
    private volatile Segment[] sorted = new Segment[0];

    /**
     * Looks a segment up.
     *
     * @param segmentId the id
     * @return the segment, or null if there is none of this id, or no longer
     */
    public @Nullable Segment find(long segmentId) {
        Segment[] present = sorted;
        int low = 0;
        int high = present.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = present[middle].header().segmentId();
            if (found == segmentId) {
                return present[middle];
            }
            if (found < segmentId) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    /**
     * Looks a segment up and keeps it from going away.
     *
     * @param segmentId the id
     * @return the segment, which the caller unpins, or null if there is none
     */
    public @Nullable Segment pin(long segmentId) {
        Segment segment = find(segmentId);
        return segment != null && segment.tryPin() ? segment : null;
    }

    /**
     * Whether the record at a place is known to be damaged.
     *
     * @param segmentId in which segment
     * @param offset where it begins
     * @return whether it was found damaged, or its segment is gone
     */
    public boolean isDamaged(long segmentId, long offset) {
        Segment segment = find(segmentId);
        return segment == null || segment.isDamaged(offset);
    }

    /**
     * All segments as they are now.
     *
     * @return the segments in the order of their ids
     */
    public List<Segment> all() {
        return List.of(sorted);
    }

    int size() {
        return sorted.length;
    }

    @Nullable Segment last() {
        Segment[] present = sorted;
        return present.length == 0 ? null : present[present.length - 1];
    }

    void add(Segment segment) {
        Segment[] longer = Arrays.copyOf(sorted, sorted.length + 1);
        longer[longer.length - 1] = segment;
        sorted = longer;
    }

    void remove(Segment segment) {
        List<Segment> left = new ArrayList<>(List.of(sorted));
        left.remove(segment);
        sorted = left.toArray(new Segment[0]);
    }
}
