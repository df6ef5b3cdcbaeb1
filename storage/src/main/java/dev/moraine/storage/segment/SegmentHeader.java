package dev.moraine.storage.segment;

import static dev.moraine.storage.segment.SegmentDescriptor.INT;
import static dev.moraine.storage.segment.SegmentDescriptor.LONG;

import dev.moraine.proofs.hash.Digest;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What a segment file says about itself; layout in {@link SegmentDescriptor}.
 *
 * @param version the format version
 * @param segmentId the id, above 0; segments are written in the order of their ids
 * @param capacityBytes length of the whole file, a multiple of the page size
 * @param nonce random, not 0; stands at the start of every record
 * @param deploymentId whose slivers these are
 */
public record SegmentHeader(int version, long segmentId, long capacityBytes, long nonce, Digest deploymentId) {
    /**
     * The header as bytes.
     *
     * @param target at least {@link SegmentDescriptor#HEADER_BYTES}, the first of which are overwritten
     */
    void encode(MemorySegment target) {
        MemorySegment header = target.asSlice(0, SegmentDescriptor.HEADER_BYTES).fill((byte) 0);
        header.set(LONG, SegmentDescriptor.MAGIC_OFFSET, SegmentDescriptor.MAGIC);
        header.set(INT, SegmentDescriptor.VERSION_OFFSET, version);
        header.set(INT, SegmentDescriptor.HEADER_BYTES_OFFSET, SegmentDescriptor.HEADER_BYTES);
        header.set(LONG, SegmentDescriptor.SEGMENT_ID_OFFSET, segmentId);
        header.set(LONG, SegmentDescriptor.CAPACITY_OFFSET, capacityBytes);
        header.set(LONG, SegmentDescriptor.NONCE_OFFSET, nonce);
        deploymentId.copyTo(header, SegmentDescriptor.DEPLOYMENT_OFFSET);
        header.set(INT, SegmentDescriptor.CRC_OFFSET, crc(header));
    }

    /**
     * Reads a header whose CRC is right, whatever version it is of.
     *
     * @param source at least {@link SegmentDescriptor#HEADER_BYTES}
     * @return the header, or null when the bytes are damaged or no header
     */
    static @Nullable SegmentHeader decode(MemorySegment source) {
        MemorySegment header = source.asSlice(0, SegmentDescriptor.HEADER_BYTES);
        if (header.get(LONG, SegmentDescriptor.MAGIC_OFFSET) != SegmentDescriptor.MAGIC
                || header.get(INT, SegmentDescriptor.CRC_OFFSET) != crc(header)) {
            return null;
        }
        return new SegmentHeader(
                header.get(INT, SegmentDescriptor.VERSION_OFFSET),
                header.get(LONG, SegmentDescriptor.SEGMENT_ID_OFFSET),
                header.get(LONG, SegmentDescriptor.CAPACITY_OFFSET),
                header.get(LONG, SegmentDescriptor.NONCE_OFFSET),
                Digest.of(header, SegmentDescriptor.DEPLOYMENT_OFFSET));
    }

    private static int crc(MemorySegment header) {
        return new RecordChecksum().add(header.asSlice(0, SegmentDescriptor.CRC_OFFSET)).value();
    }
}
