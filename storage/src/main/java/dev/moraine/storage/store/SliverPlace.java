package dev.moraine.storage.store;

/**
 * Where a sliver and its blob's metadata are, in fields that are overwritten by every lookup, so that a lookup allocates
 * nothing. Owned by one thread.
 */
final class SliverPlace {
    long metadataSegmentId;
    long metadataOffset;
    long metadataLengthBytes;
    long segmentId;
    long offset;
    long lengthBytes;

    void set(RecordPlace metadata, RecordPlace slivers) {
        metadataSegmentId = metadata.segmentId();
        metadataOffset = metadata.offset();
        metadataLengthBytes = metadata.lengthBytes();
        segmentId = slivers.segmentId();
        offset = slivers.offset();
        lengthBytes = slivers.lengthBytes();
    }

    RecordPlace metadata() {
        return new RecordPlace(metadataSegmentId, metadataOffset, metadataLengthBytes);
    }

    RecordPlace slivers() {
        return new RecordPlace(segmentId, offset, lengthBytes);
    }
}
