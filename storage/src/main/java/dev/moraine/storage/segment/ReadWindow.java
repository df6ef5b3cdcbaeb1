package dev.moraine.storage.segment;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Reads a segment from front to back in large steps, and jumps over what nobody asks for. Owned by one thread.
 *
 * <p>A lenient window shows pages that cannot be read as pages full of junk, so that one bad sector costs the records
 * on it and not the segment; but not without limit, since a disk that answers nothing has lost nothing yet.
 */
final class ReadWindow {
    /** More unreadable pages than this in one segment: the disk has failed, not a sector. */
    static final int MAX_UNREADABLE_PAGES = 64;

    /** Longest piece that is read at once. */
    static final int WINDOW_BYTES = 64 << 10;

    private static final byte JUNK = (byte) 0xEE;

    private final Segment segment;
    private final long end;
    private final boolean lenient;
    private final MemorySegment buffer = MemorySegment.ofArray(new byte[WINDOW_BYTES]);
    private long start;
    private long length;
    private int unreadablePages;

    /**
     * Prepares to read.
     *
     * @param segment the segment
     * @param end where the readable part ends, a multiple of the record alignment
     * @param lenient whether unreadable pages become junk; otherwise they end the reading
     */
    ReadWindow(Segment segment, long end, boolean lenient) {
        this.segment = segment;
        this.end = end;
        this.lenient = lenient;
    }

    /**
     * The bytes from a position on.
     *
     * @param position a multiple of the record alignment, before the end
     * @return some of them, at least one record header, valid until the next call
     * @throws IOException if they cannot be read
     */
    MemorySegment from(long position) throws IOException {
        if (position < start || position >= start + length) {
            load(position);
        }
        return buffer.asSlice(position - start, start + length - position);
    }

    private void load(long position) throws IOException {
        start = position;
        length = Math.min(WINDOW_BYTES, end - position);
        try {
            segment.readUnchecked(position, buffer.asSlice(0, length));
        } catch (IOException e) {
            length = 0;
            if (!lenient) {
                throw e;
            }
            loadPage(position);
        }
    }

    private void loadPage(long position) throws IOException {
        long pageEnd = SegmentDescriptor.pageAligned(position + 1);
        long pageLength = Math.min(pageEnd, end) - position;
        MemorySegment page = buffer.asSlice(0, pageLength);
        try {
            segment.readUnchecked(position, page);
        } catch (IOException e) {
            if (++unreadablePages > MAX_UNREADABLE_PAGES) {
                throw e;
            }
            page.fill(JUNK);
        }
        length = pageLength;
    }
}
