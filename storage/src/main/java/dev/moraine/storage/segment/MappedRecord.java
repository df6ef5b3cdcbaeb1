package dev.moraine.storage.segment;

import static dev.moraine.storage.segment.SegmentDescriptor.INT;
import static dev.moraine.storage.segment.SegmentDescriptor.LONG;

import dev.moraine.proofs.hash.Digest;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A view of one record after another in mapped segments. While a record is open its segment is pinned. Nothing is
 * allocated, but when a record is read for the first time: then it is read through the file and checked as a whole. A
 * checksum is never computed over the mapping, where an unreadable page could end the process.
 *
 * <p>Threading: owned by one thread.
 */
public final class MappedRecord {
    /** The record is open. */
    public static final int WHOLE = 0;

    /** The record is damaged or cannot be read, and is not open. */
    public static final int DAMAGED = 1;

    /** There is no such segment any more; nothing is open. */
    public static final int GONE = 2;

    private final SegmentTable segments;
    private @Nullable Segment segment;
    private MemorySegment memory = MemorySegment.NULL;
    private long offset;
    private int leadBytes;
    private int listBytes;
    private long primaryBytes;

    /**
     * A view of nothing.
     *
     * @param segments where the records are
     */
    public MappedRecord(SegmentTable segments) {
        this.segments = segments;
    }

    /**
     * Opens a record. Only when that succeeds it must be closed.
     *
     * @param segmentId in which segment it is
     * @param recordOffset where it begins
     * @param lengthBytes its whole length
     * @return {@link #WHOLE}, {@link #DAMAGED} or {@link #GONE}
     */
    public int open(long segmentId, long recordOffset, long lengthBytes) {
        Segment pinned = segments.pin(segmentId);
        if (pinned == null) {
            return GONE;
        }
        boolean opened = false;
        try {
            if (pinned.isWhole(recordOffset, lengthBytes)) {
                memory = pinned.mapping();
                offset = recordOffset;
                leadBytes = memory.get(INT, recordOffset + RecordDescriptor.LEAD_BYTES_OFFSET);
                listBytes = memory.get(INT, recordOffset + RecordDescriptor.LIST_BYTES_OFFSET);
                primaryBytes = memory.get(LONG, recordOffset + RecordDescriptor.PRIMARY_BYTES_OFFSET);
                segment = pinned;
                opened = true;
                return WHOLE;
            }
            return DAMAGED;
        } catch (IOException | InternalError e) {
            return DAMAGED;
        } finally {
            if (!opened) {
                pinned.unpin();
            }
        }
    }

    /** Lets the record go. Does nothing when none is open. */
    public void close() {
        Segment pinned = segment;
        if (pinned != null) {
            segment = null;
            memory = MemorySegment.NULL;
            pinned.unpin();
        }
    }

    /**
     * Whose record it is.
     *
     * @param blobId a blob
     * @param pairIndex a pair of it
     * @return whether it is theirs
     */
    public boolean isOf(Digest blobId, int pairIndex) {
        long id = offset + RecordDescriptor.BLOB_ID_OFFSET;
        return memory.get(INT, offset + RecordDescriptor.PAIR_INDEX_OFFSET) == pairIndex
                && word(id, 0) == blobId.w0()
                && word(id, 1) == blobId.w1()
                && word(id, 2) == blobId.w2()
                && word(id, 3) == blobId.w3();
    }

    private long word(long from, int index) {
        return Long.reverseBytes(memory.get(LONG, from + (long) index * Long.BYTES));
    }

    /**
     * The kind of record.
     *
     * @return the type, or null for none, which no record that is whole has
     */
    public @Nullable RecordType type() {
        return RecordType.of(memory.get(INT, offset + RecordDescriptor.TYPE_OFFSET));
    }

    /**
     * The whole mapped segment, into which the offsets point.
     *
     * @return read-only memory, to be used only while the record is open
     */
    public MemorySegment memory() {
        return memory;
    }

    /**
     * Where the lead begins.
     *
     * @return an offset into {@link #memory}
     */
    public long leadOffset() {
        return offset + RecordDescriptor.HEADER_BYTES;
    }

    /**
     * Where the list begins.
     *
     * @return an offset into {@link #memory}
     */
    public long listOffset() {
        return leadOffset() + leadBytes;
    }

    /**
     * Where the primary sliver begins.
     *
     * @return an offset into {@link #memory}
     */
    public long primaryOffset() {
        return RecordDescriptor.aligned(listOffset() + listBytes, RecordDescriptor.SLIVER_ALIGNMENT_BYTES);
    }

    /**
     * How long the primary sliver is.
     *
     * @return bytes
     */
    public long primaryBytes() {
        return primaryBytes;
    }

    /**
     * Where the secondary sliver begins.
     *
     * @return an offset into {@link #memory}
     */
    public long secondaryOffset() {
        return primaryOffset() + primaryBytes;
    }

    /**
     * How long the secondary sliver is.
     *
     * @return bytes
     */
    public long secondaryBytes() {
        return memory.get(LONG, offset + RecordDescriptor.SECONDARY_BYTES_OFFSET);
    }

    /**
     * The length of the list.
     *
     * @return bytes
     */
    public int listBytes() {
        return listBytes;
    }

    /**
     * The length of the lead.
     *
     * @return bytes
     */
    public int leadBytes() {
        return leadBytes;
    }
}
