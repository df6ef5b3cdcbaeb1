package dev.moraine.storage.segment;

import dev.moraine.storage.segment.SegmentScan.Found;
import dev.moraine.storage.segment.SegmentScan.Gap;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the records of a segment: from header to header while headers are whole, and where one is not, from then on
 * at every place where a record may begin, by the segment's nonce. Owned by one thread, used once.
 */
final class SegmentScanner {
    private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[ReadWindow.WINDOW_BYTES]).asReadOnly();
    private static final int CHECK_BYTES = 1 << 20;

    private final Segment segment;
    private final boolean checkContents;
    private final long end;
    private final ReadWindow window;
    private final List<Found> records = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private long dirtyEnd;

    private SegmentScanner(Segment segment, boolean checkContents, long end) {
        this.segment = segment;
        this.checkContents = checkContents;
        this.end = end;
        this.window = new ReadWindow(segment, end, !checkContents);
    }

    /**
     * Scans by headers only, and takes unreadable pages for damaged ones: for a segment that nothing is appended to.
     *
     * @param segment the segment
     * @return what it holds
     * @throws IOException if too much of it cannot be read
     */
    static SegmentScan scanHeaders(Segment segment) throws IOException {
        return new SegmentScanner(segment, false, readableEnd(segment)).scan();
    }

    /**
     * Scans and checks every record: for the segment in which a crash may have left something torn.
     *
     * @param segment the segment
     * @return what it holds
     * @throws IOException if any of it cannot be read
     */
    static SegmentScan scanContents(Segment segment) throws IOException {
        return new SegmentScanner(segment, true, readableEnd(segment)).scan();
    }

    private static long readableEnd(Segment segment) throws IOException {
        long sizeBytes = Math.min(segment.header().capacityBytes(), segment.file().sizeBytes());
        return sizeBytes & -RecordDescriptor.ALIGNMENT_BYTES;
    }

    private SegmentScan scan() throws IOException {
        long position = SegmentDescriptor.DATA_OFFSET;
        @Nullable RecordHeader previous = null;
        for (RecordHeader next = find(position); next != null; next = find(position)) {
            if (!follows(previous, next)) {
                gaps.add(new Gap(position, next.offset()));
            }
            records.add(new Found(next, !checkContents || isWhole(next)));
            position = next.end();
            previous = next;
        }
        return new SegmentScan(records, gaps, dirtyEnd);
    }

    /** A filler stands for records that were torn, so what was written behind them follows any of them. */
    private static boolean follows(@Nullable RecordHeader previous, RecordHeader next) {
        if (previous == null) {
            return next.previousOffset() == 0;
        }
        return next.previousOffset() == previous.offset()
                || (previous.type() == RecordType.FILLER
                        && next.previousOffset() > previous.offset()
                        && next.previousOffset() < previous.end());
    }

    private @Nullable RecordHeader find(long from) throws IOException {
        dirtyEnd = 0;
        long nonce = segment.header().nonce();
        for (long position = from; position < end; ) {
            MemorySegment bytes = window.from(position);
            for (long i = 0; i < bytes.byteSize(); i += RecordDescriptor.ALIGNMENT_BYTES) {
                if (bytes.get(SegmentDescriptor.LONG, i) == nonce) {
                    RecordHeader header =
                            RecordHeader.decode(bytes.asSlice(i), segment.header(), position + i);
                    if (header != null && header.end() <= end) {
                        return header;
                    }
                }
            }
            long length = bytes.byteSize();
            if (MemorySegment.mismatch(bytes, 0, length, ZEROS, 0, length) >= 0) {
                dirtyEnd = position + length;
            }
            position += length;
        }
        return null;
    }

    private boolean isWhole(RecordHeader header) throws IOException {
        MemorySegment head = MemorySegment.ofArray(new byte[RecordDescriptor.HEADER_BYTES]);
        segment.readUnchecked(header.offset(), head);
        RecordChecksum crc = RecordHeader.beginRecordCrc(head);
        long position = header.offset() + RecordDescriptor.HEADER_BYTES;
        MemorySegment buffer =
                MemorySegment.ofArray(new byte[(int) Math.min(CHECK_BYTES, header.end() - position)]);
        while (position < header.end()) {
            MemorySegment part = buffer.asSlice(0, Math.min(buffer.byteSize(), header.end() - position));
            segment.readUnchecked(position, part);
            crc.add(part);
            position += part.byteSize();
        }
        return crc.value() == header.recordCrc();
    }
}
