package dev.moraine.storage.segment;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Appends to one segment. Owned by one thread. After an exception it must not be used again: what is on the disk is
 * unknown then.
 */
final class SegmentWriter {
    /** Shorter records are copied together and written at once; the slivers of longer ones from where they are. */
    private static final long MAX_STAGED_BYTES = 64 << 10;

    private static final MemorySegment PADDING =
            MemorySegment.ofArray(new byte[RecordDescriptor.ALIGNMENT_BYTES]).asReadOnly();

    private final Segment segment;
    /** Grows to the longest head that there was. */
    private MemorySegment staging = MemorySegment.NULL;
    private long position;
    private long previousOffset;
    private long forcedPosition;
    private long highestMark;
    private long contentEnd;
    private boolean dirty;

    /**
     * Goes on behind the records that a segment holds, all of which have been forced.
     *
     * @param segment the segment
     * @param position where the next record goes, at the start of a page
     * @param previousOffset where the last record begins, 0 if there is none
     * @param highestMark the highest forced mark in the segment
     * @param contentEnd behind the last record that is no bookkeeping
     */
    SegmentWriter(Segment segment, long position, long previousOffset, long highestMark, long contentEnd) {
        this.segment = segment;
        this.position = position;
        this.previousOffset = previousOffset;
        this.forcedPosition = position;
        this.highestMark = highestMark;
        this.contentEnd = contentEnd;
    }

    /** Begins an empty segment. */
    static SegmentWriter atStart(Segment segment) {
        long start = SegmentDescriptor.DATA_OFFSET;
        return new SegmentWriter(segment, start, 0, start, start);
    }

    Segment segment() {
        return segment;
    }

    long position() {
        return position;
    }

    /** Whether records of a length fit behind the others. */
    boolean fits(long lengthBytes) {
        return lengthBytes <= roomBytes();
    }

    /** How much still fits behind the others. */
    long roomBytes() {
        return segment.header().capacityBytes() - position;
    }

    /**
     * Writes a record behind the others.
     *
     * @param content what it holds; must fit
     * @return the header of the record
     * @throws IOException if a write fails
     */
    RecordHeader append(RecordContent content) throws IOException {
        RecordLayout layout = content.layout();
        RecordHeader header = new RecordHeader(
                content.type(),
                content.blobId(),
                content.pairIndex(),
                content.expiryEpoch(),
                layout,
                position,
                forcedPosition,
                previousOffset,
                0);
        MemorySegment head = stage(header, content);
        int crc = RecordHeader.beginRecordCrc(head)
                .add(head.asSlice(RecordDescriptor.HEADER_BYTES))
                .add(content.primary())
                .add(content.secondary())
                .add(PADDING.asSlice(0, layout.lengthBytes() - layout.contentEnd()))
                .value();
        RecordHeader.seal(head, crc);
        dirty = true;
        write(head, layout, content);
        previousOffset = position;
        highestMark = forcedPosition;
        position += layout.lengthBytes();
        if (!content.type().isBookkeeping()) {
            contentEnd = position;
        }
        return header;
    }

    private void write(MemorySegment head, RecordLayout layout, RecordContent content) throws IOException {
        try {
            // The zeros at the end of the record are there already: the file is zero from here on.
            if (layout.contentEnd() <= MAX_STAGED_BYTES) {
                MemorySegment whole = staging.asSlice(0, layout.contentEnd());
                MemorySegment.copy(content.primary(), 0, whole, layout.primaryOffset(), layout.primaryBytes());
                MemorySegment.copy(content.secondary(), 0, whole, layout.secondaryOffset(), layout.secondaryBytes());
                segment.file().write(position, whole);
                return;
            }
            segment.file().write(position, head);
            segment.file().write(position + layout.primaryOffset(), content.primary());
            segment.file().write(position + layout.secondaryOffset(), content.secondary());
        } catch (RuntimeException | Error e) {
            // Whatever it was: bytes may be there that the next record, at the same position, would be mixed with.
            throw new IOException("a record was written in part: " + e, e);
        }
    }

    /** Header, lead, list and the zeros up to the slivers, in one piece. */
    private MemorySegment stage(RecordHeader header, RecordContent content) {
        RecordLayout layout = header.layout();
        if (staging.byteSize() < layout.primaryOffset()) {
            staging = Arena.ofAuto().allocate(Math.max(MAX_STAGED_BYTES, layout.primaryOffset()));
        }
        MemorySegment head = staging.asSlice(0, layout.primaryOffset());
        header.encode(head, segment.header());
        head.asSlice(layout.leadOffset(), layout.leadBytes()).copyFrom(content.lead());
        head.asSlice(layout.listOffset(), layout.listBytes()).copyFrom(content.list());
        head.asSlice(layout.listOffset() + layout.listBytes()).fill((byte) 0);
        return head;
    }

    /**
     * Makes all appended records survive a power cut.
     *
     * @throws IOException if that is not certain; must not be tried again
     */
    void force() throws IOException {
        if (!dirty) {
            return;
        }
        try {
            segment.file().force(false);
        } catch (RuntimeException | Error e) {
            throw new IOException("it is not certain that the segment was forced: " + e, e);
        }
        dirty = false;
        position = Math.min(SegmentDescriptor.pageAligned(position), segment.header().capacityBytes());
        forcedPosition = position;
    }

    /**
     * Leaves a mark that everything was forced, so that damage found later is known to be none of a crash. Does nothing
     * when an earlier mark says so, or no room is left.
     *
     * @throws IOException if a write fails
     */
    void mark() throws IOException {
        force();
        if (contentEnd > highestMark && fits(RecordDescriptor.HEADER_BYTES)) {
            append(RecordContent.headerOnly(RecordType.MARK, RecordHeader.NO_BLOB, 0));
            force();
        }
    }
}
