package dev.moraine.storage.segment;

import static dev.moraine.storage.segment.RecordDescriptor.ALIGNMENT_BYTES;
import static dev.moraine.storage.segment.RecordDescriptor.HEADER_BYTES;
import static dev.moraine.storage.segment.RecordDescriptor.SLIVER_ALIGNMENT_BYTES;
import static dev.moraine.storage.segment.RecordDescriptor.aligned;

/**
 * How long the parts of a record are, and where they therefore are in it.
 *
 * @param leadBytes metadata or certificate, at least 0
 * @param listBytes hash trees or bundle entries, at least 0
 * @param primaryBytes primary sliver, from 0 to {@link SegmentDescriptor#MAX_CAPACITY_BYTES}
 * @param secondaryBytes secondary sliver, likewise
 */
public record RecordLayout(int leadBytes, int listBytes, long primaryBytes, long secondaryBytes) {
    /** A record that is only a header. */
    public static final RecordLayout HEADER_ONLY = new RecordLayout(0, 0, 0, 0);

    /**
     * Checks the ranges, so that no sum of them overflows.
     *
     * @throws IllegalArgumentException if a length is out of range
     */
    public RecordLayout {
        if (!isPossible(leadBytes, listBytes, primaryBytes, secondaryBytes)) {
            throw new IllegalArgumentException("the parts of a record have from 0 to 2^31-1 or "
                    + SegmentDescriptor.MAX_CAPACITY_BYTES + " bytes, not " + leadBytes + ", " + listBytes + ", "
                    + primaryBytes + ", " + secondaryBytes);
        }
    }

    /** Whether the lengths are in range. */
    static boolean isPossible(int leadBytes, int listBytes, long primaryBytes, long secondaryBytes) {
        return leadBytes >= 0
                && listBytes >= 0
                && primaryBytes >= 0
                && primaryBytes <= SegmentDescriptor.MAX_CAPACITY_BYTES
                && secondaryBytes >= 0
                && secondaryBytes <= SegmentDescriptor.MAX_CAPACITY_BYTES;
    }

    /**
     * Where the lead begins.
     *
     * @return bytes from the start of the record
     */
    public long leadOffset() {
        return HEADER_BYTES;
    }

    /**
     * Where the list begins.
     *
     * @return bytes from the start of the record
     */
    public long listOffset() {
        return leadOffset() + leadBytes;
    }

    /**
     * Where the primary sliver begins.
     *
     * @return bytes from the start of the record
     */
    public long primaryOffset() {
        return aligned(listOffset() + listBytes, SLIVER_ALIGNMENT_BYTES);
    }

    /**
     * Where the secondary sliver begins.
     *
     * @return bytes from the start of the record
     */
    public long secondaryOffset() {
        return primaryOffset() + primaryBytes;
    }

    /**
     * Where the zeros behind the last part begin.
     *
     * @return bytes from the start of the record
     */
    long contentEnd() {
        return secondaryOffset() + secondaryBytes;
    }

    /**
     * The length of the whole record.
     *
     * @return bytes, a multiple of {@link RecordDescriptor#ALIGNMENT_BYTES}
     */
    public long lengthBytes() {
        return aligned(contentEnd(), ALIGNMENT_BYTES);
    }
}
