package dev.moraine.storage.store;

import dev.moraine.storage.segment.Segment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * What a checkpoint of the index says about itself. Everything before its position is in the index; what comes later is
 * read out of the segments when the store is opened.
 *
 * @param segmentId the segment of the position, 0 when there was none
 * @param offset the position in it
 * @param bytes length of all records before the position
 * @param covered the segments that there were, as {@code id, nonce} pairs in the order of the ids
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record IndexState(long segmentId, long offset, long bytes, long[] covered) {
    private static final int FORMAT_VERSION = 1;

    /** A state of these segments. */
    static IndexState of(long segmentId, long offset, long bytes, List<Segment> segments) {
        long[] covered = new long[2 * segments.size()];
        for (int i = 0; i < segments.size(); i++) {
            covered[2 * i] = segments.get(i).header().segmentId();
            covered[2 * i + 1] = segments.get(i).header().nonce();
        }
        return new IndexState(segmentId, offset, bytes, covered);
    }

    byte[] encode() {
        byte[] encoded = new byte[(4 + covered.length) * Long.BYTES];
        ByteBuffer out = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(FORMAT_VERSION).putLong(segmentId).putLong(offset).putLong(bytes);
        for (long word : covered) {
            out.putLong(word);
        }
        return encoded;
    }

    /**
     * Reads a state.
     *
     * @param encoded what {@link #encode} gave
     * @return the state; one of another format covers a segment that cannot be
     */
    static IndexState decode(byte[] encoded) {
        ByteBuffer in = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
        if (encoded.length < 4 * Long.BYTES || in.getLong() != FORMAT_VERSION) {
            return new IndexState(-1, 0, 0, new long[] {-1, 0});
        }
        long segmentId = in.getLong();
        long offset = in.getLong();
        long bytes = in.getLong();
        long[] covered = new long[in.remaining() / Long.BYTES];
        for (int i = 0; i < covered.length; i++) {
            covered[i] = in.getLong();
        }
        return new IndexState(segmentId, offset, bytes, covered);
    }

    /**
     * Whether the index of this state is one of these segments. There may be others: those that were about to be
     * deleted, of which nothing is needed, and those of later.
     *
     * @param segments the segments that there are
     * @return whether none that it covers is missing or another, and its position is in one of them
     */
    boolean isOf(List<Segment> segments) {
        int found = 0;
        boolean hasPosition = segmentId == 0;
        for (Segment segment : segments) {
            long id = segment.header().segmentId();
            if (2 * found < covered.length && covered[2 * found] == id) {
                if (covered[2 * found + 1] != segment.header().nonce()) {
                    return false;
                }
                found++;
            }
            hasPosition |= id == segmentId;
        }
        return 2 * found == covered.length && hasPosition;
    }
}
