package dev.moraine.storage.store;

import dev.moraine.storage.segment.RecordHeader;
import dev.moraine.storage.segment.Segment;

/**
 * Where a record is.
 *
 * @param segmentId in which segment
 * @param offset where it begins, in bytes
 * @param lengthBytes its whole length
 */
record RecordPlace(long segmentId, long offset, long lengthBytes) {
    /** The place of a record that was just written or scanned. */
    static RecordPlace of(Segment segment, RecordHeader header) {
        return new RecordPlace(
                segment.header().segmentId(), header.offset(), header.layout().lengthBytes());
    }
}
