package dev.moraine.storage.segment;

import java.util.List;

/**
 * What a segment was found to hold.
 *
 * @param records every record with a whole header, in the order of the file
 * @param gaps where records are missing, in the order of the file
 * @param dirtyEnd behind the last byte that is not zero, of those after the last record; 0 if all of them are
 */
record SegmentScan(List<Found> records, List<Gap> gaps, long dirtyEnd) {
    /**
     * A record with a whole header.
     *
     * @param header the header
     * @param intact whether the rest is whole too, as far as it was looked at
     */
    record Found(RecordHeader header, boolean intact) {}

    /**
     * A place where records are missing.
     *
     * @param start behind the last whole header's record
     * @param end where the next record begins
     */
    record Gap(long start, long end) {}

    /** Where the last record ends, whole or not. */
    long recordsEnd() {
        return records.isEmpty() ? SegmentDescriptor.DATA_OFFSET : records.getLast().header().end();
    }

    /** The highest position that a record knows to have been forced. */
    long forcedMark() {
        long mark = SegmentDescriptor.DATA_OFFSET;
        for (Found record : records) {
            mark = Math.max(mark, record.header().forcedMark());
        }
        return mark;
    }
}
