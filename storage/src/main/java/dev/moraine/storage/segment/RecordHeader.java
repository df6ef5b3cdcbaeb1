package dev.moraine.storage.segment;

import static dev.moraine.storage.segment.SegmentDescriptor.INT;
import static dev.moraine.storage.segment.SegmentDescriptor.LONG;

import dev.moraine.proofs.hash.Digest;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The head of a record; layout in {@link RecordDescriptor}.
 *
 * @param type the kind of record
 * @param blobId whose record it is, {@link #NO_BLOB} where the type has none
 * @param pairIndex which sliver pair, 0 where the type has none
 * @param expiryEpoch the last epoch of the blob's retention, 0 where the type has none; the number of a certificate
 * @param layout the lengths of the parts
 * @param offset where the record begins in its segment
 * @param forcedMark the position before which everything was forced when this was written
 * @param previousOffset where the record before this one begins, 0 if there is none
 * @param recordCrc what the CRC over the whole record must be
 */
public record RecordHeader(
        RecordType type,
        Digest blobId,
        int pairIndex,
        long expiryEpoch,
        RecordLayout layout,
        long offset,
        long forcedMark,
        long previousOffset,
        int recordCrc) {
    /** Stands for a blob in records that are not about one. */
    public static final Digest NO_BLOB = new Digest(0, 0, 0, 0);

    /**
     * Where the record ends.
     *
     * @return the first position behind it
     */
    public long end() {
        return offset + layout.lengthBytes();
    }

    /**
     * Writes all fields but the two CRCs, which {@link #seal} adds.
     *
     * @param target at least {@link RecordDescriptor#HEADER_BYTES}, the first of which are overwritten
     * @param segment the segment that the record is for
     */
    void encode(MemorySegment target, SegmentHeader segment) {
        target.set(LONG, RecordDescriptor.NONCE_OFFSET, segment.nonce());
        target.set(LONG, RecordDescriptor.SEGMENT_ID_OFFSET, segment.segmentId());
        target.set(LONG, RecordDescriptor.RECORD_OFFSET_OFFSET, offset);
        target.set(LONG, RecordDescriptor.LENGTH_OFFSET, layout.lengthBytes());
        target.set(LONG, RecordDescriptor.FORCED_MARK_OFFSET, forcedMark);
        target.set(INT, RecordDescriptor.TYPE_OFFSET, type.code());
        target.set(INT, RecordDescriptor.PAIR_INDEX_OFFSET, pairIndex);
        blobId.copyTo(target, RecordDescriptor.BLOB_ID_OFFSET);
        target.set(LONG, RecordDescriptor.EXPIRY_OFFSET, expiryEpoch);
        target.set(INT, RecordDescriptor.LEAD_BYTES_OFFSET, layout.leadBytes());
        target.set(INT, RecordDescriptor.LIST_BYTES_OFFSET, layout.listBytes());
        target.set(LONG, RecordDescriptor.PRIMARY_BYTES_OFFSET, layout.primaryBytes());
        target.set(LONG, RecordDescriptor.SECONDARY_BYTES_OFFSET, layout.secondaryBytes());
        target.set(LONG, RecordDescriptor.PREVIOUS_OFFSET_OFFSET, previousOffset);
    }

    /**
     * Adds the CRCs to an encoded header.
     *
     * @param header the encoded header
     * @param recordCrc the CRC of the record
     */
    static void seal(MemorySegment header, int recordCrc) {
        header.set(INT, RecordDescriptor.RECORD_CRC_OFFSET, recordCrc);
        header.set(INT, RecordDescriptor.HEADER_CRC_OFFSET, headerCrc(header));
    }

    /**
     * Reads the header of a record that is at its own place.
     *
     * @param source at least {@link RecordDescriptor#HEADER_BYTES}
     * @param segment the segment that the bytes come from
     * @param offset where in the segment they come from
     * @return the header, or null when the bytes are no header, damaged, or of another place
     */
    static @Nullable RecordHeader decode(MemorySegment source, SegmentHeader segment, long offset) {
        RecordType type = RecordType.of(source.get(INT, RecordDescriptor.TYPE_OFFSET));
        int leadBytes = source.get(INT, RecordDescriptor.LEAD_BYTES_OFFSET);
        int listBytes = source.get(INT, RecordDescriptor.LIST_BYTES_OFFSET);
        long primaryBytes = source.get(LONG, RecordDescriptor.PRIMARY_BYTES_OFFSET);
        long secondaryBytes = source.get(LONG, RecordDescriptor.SECONDARY_BYTES_OFFSET);
        if (source.get(LONG, RecordDescriptor.NONCE_OFFSET) != segment.nonce()
                || source.get(LONG, RecordDescriptor.SEGMENT_ID_OFFSET) != segment.segmentId()
                || source.get(LONG, RecordDescriptor.RECORD_OFFSET_OFFSET) != offset
                || source.get(INT, RecordDescriptor.HEADER_CRC_OFFSET) != headerCrc(source)
                || type == null
                || !RecordLayout.isPossible(leadBytes, listBytes, primaryBytes, secondaryBytes)) {
            return null;
        }
        RecordLayout layout = new RecordLayout(leadBytes, listBytes, primaryBytes, secondaryBytes);
        if (source.get(LONG, RecordDescriptor.LENGTH_OFFSET) != layout.lengthBytes()
                || layout.lengthBytes() > segment.capacityBytes() - offset) {
            return null;
        }
        return new RecordHeader(
                type,
                Digest.of(source, RecordDescriptor.BLOB_ID_OFFSET),
                source.get(INT, RecordDescriptor.PAIR_INDEX_OFFSET),
                source.get(LONG, RecordDescriptor.EXPIRY_OFFSET),
                layout,
                offset,
                source.get(LONG, RecordDescriptor.FORCED_MARK_OFFSET),
                source.get(LONG, RecordDescriptor.PREVIOUS_OFFSET_OFFSET),
                source.get(INT, RecordDescriptor.RECORD_CRC_OFFSET));
    }

    /**
     * Begins the CRC of a record with its header.
     *
     * @param header the encoded header
     * @return the CRC so far; what is behind the header is to be added
     */
    static RecordChecksum beginRecordCrc(MemorySegment header) {
        return new RecordChecksum().add(header.asSlice(0, RecordDescriptor.RECORD_CRC_OFFSET));
    }

    private static int headerCrc(MemorySegment header) {
        return new RecordChecksum()
                .add(header.asSlice(0, RecordDescriptor.HEADER_CRC_OFFSET))
                .value();
    }
}
