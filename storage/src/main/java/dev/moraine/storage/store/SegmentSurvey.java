package dev.moraine.storage.store;

import dev.moraine.storage.segment.RecordHeader;
import dev.moraine.storage.segment.Segment;
import java.io.IOException;
import java.util.List;

/**
 * What one segment holds, at one moment.
 *
 * @param segmentId which
 * @param epoch when it was looked at
 * @param liveBytes length of the records of value
 * @param deadBytes length of the others
 * @param nextEpoch the first epoch in which more of it may be dead
 * @param headers the headers of all its records
 */
record SegmentSurvey(
        long segmentId, long epoch, long liveBytes, long deadBytes, long nextEpoch, List<RecordHeader> headers) {
    /** Looks at a finished segment, which the caller has pinned. */
    static SegmentSurvey of(Segment segment, Liveness liveness) throws IOException {
        long liveBytes = 0;
        long deadBytes = 0;
        long nextEpoch = Long.MAX_VALUE;
        List<RecordHeader> headers = segment.headers();
        for (RecordHeader header : headers) {
            long until = liveness.liveUntil(segment, header);
            if (until == Liveness.DEAD) {
                deadBytes += header.layout().lengthBytes();
            } else {
                liveBytes += header.layout().lengthBytes();
                nextEpoch = Math.min(nextEpoch, until == SliverStore.NO_EXPIRY ? liveness.epoch() + 1 : until + 1);
            }
        }
        return new SegmentSurvey(
                segment.header().segmentId(), liveness.epoch(), liveBytes, deadBytes, nextEpoch, headers);
    }

    /** Without the headers, to be kept for longer. */
    SegmentSurvey summary() {
        return new SegmentSurvey(segmentId, epoch, liveBytes, deadBytes, nextEpoch, List.of());
    }
}
