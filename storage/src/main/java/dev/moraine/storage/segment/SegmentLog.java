package dev.moraine.storage.segment;

import dev.moraine.proofs.hash.Digest;
import dev.moraine.storage.disk.Disk;
import dev.moraine.storage.disk.NoSpaceException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a store as one log. Records go into the last segment; a segment is begun only after the one before it
 * has been forced as a whole, so only the last one can hold anything torn by a crash.
 *
 * <p>Segments stand alone: one that holds nothing of value any more can be deleted, and the others are not touched.
 *
 * <p>Threading: owned by one thread. {@link Segment}s that it hands out may be read by any.
 */
public final class SegmentLog implements Closeable {
    private static final System.Logger LOG = System.getLogger(SegmentLog.class.getName());

    /** A segment is begun ahead of its time only while the disk has room for so many. */
    private static final int LEAST_SEGMENTS_FREE = 4;

    /** How many times faster than the present segment the next one is filled. */
    private static final int FILL_PACE = 2;

    private final Disk disk;
    private final Digest deploymentId;
    private final long segmentBytes;
    private final long reserveBytes;
    private final LongSupplier nonces;
    private final SegmentTable segments;
    private final LogRecovery recovery;
    private @Nullable SegmentWriter writer;
    private volatile long roomBytes;
    private volatile boolean preallocates;
    private volatile @Nullable Preallocation next;

    /** Is told of every record while a log is opened. */
    @FunctionalInterface
    public interface RecordVisitor {
        /**
         * One record, in the order of writing.
         *
         * @param segment where it is
         * @param header its header, which is whole
         * @param intact whether the rest is, as far as it was looked at: contents are checked in the last segment only
         * @throws IOException if the visitor needs to read and cannot
         */
        void onRecord(Segment segment, RecordHeader header, boolean intact) throws IOException;

        /**
         * Asked before the first record: where to begin. The last segment is visited in any case.
         *
         * @param segments all segments, in the order of their ids
         * @return the id of the first segment whose records the visitor wants to be told of
         * @throws IOException if the visitor cannot say
         */
        default long firstSegment(List<Segment> segments) throws IOException {
            return 0;
        }
    }

    /**
     * Where a record was written.
     *
     * @param segment the segment
     * @param header the header of the record
     */
    public record Appended(Segment segment, RecordHeader header) {}

    private SegmentLog(Disk disk, Settings settings, SegmentTable segments, LogOpening opening) {
        this.disk = disk;
        this.deploymentId = settings.deploymentId();
        this.segmentBytes = settings.segmentBytes();
        this.reserveBytes = settings.reserveBytes();
        this.nonces = settings.nonces();
        this.segments = segments;
        this.recovery = opening.recovery();
        this.writer = opening.writer();
        this.roomBytes = writer == null ? 0 : writer.roomBytes();
    }

    /**
     * What a log needs to know.
     *
     * @param deploymentId whose slivers it holds
     * @param segmentBytes length of a segment, a multiple of the page size; longer records get a segment of their own
     * @param reserveBytes how much of the disk new segments leave free, but for those of {@link #appendFromReserve}
     * @param nonces a source of unpredictable numbers
     */
    public record Settings(Digest deploymentId, long segmentBytes, long reserveBytes, LongSupplier nonces) {
        /**
         * Checks the segment size.
         *
         * @throws IllegalArgumentException if it is no multiple of the page size, or out of range
         */
        public Settings {
            if (segmentBytes < SegmentDescriptor.MIN_CAPACITY_BYTES
                    || segmentBytes > SegmentDescriptor.MAX_CAPACITY_BYTES
                    || segmentBytes % SegmentDescriptor.PAGE_BYTES != 0) {
                throw new IllegalArgumentException("segmentBytes must be a multiple of "
                        + SegmentDescriptor.PAGE_BYTES + " from " + SegmentDescriptor.MIN_CAPACITY_BYTES + " to "
                        + SegmentDescriptor.MAX_CAPACITY_BYTES + ", but is " + segmentBytes);
            }
        }
    }

    /**
     * Reads what there is, and makes the end of it fit to be appended to. All files are checked for version and
     * deployment before any is changed.
     *
     * @param disk where; stays the caller's
     * @param settings whose
     * @param table an empty table, into which the segments are put before the visitor is told of records
     * @param visitor is told of every record
     * @return the log
     * @throws SegmentRefusedException if a file must not be read
     * @throws IOException if reading or recovering fails; it can be tried again
     */
    public static SegmentLog open(Disk disk, Settings settings, SegmentTable table, RecordVisitor visitor)
            throws IOException {
        List<Segment> segments = new ArrayList<>();
        try {
            for (String name : disk.list()) {
                if (SegmentDescriptor.segmentIdOf(name).isPresent()) {
                    long id = SegmentDescriptor.segmentIdOf(name).getAsLong();
                    segments.add(Segment.open(disk, id, settings.deploymentId()));
                }
            }
            segments.forEach(table::add);
            LogOpening opening = new LogOpening(disk, segments, visitor);
            opening.run();
            return new SegmentLog(disk, settings, table, opening);
        } catch (IOException | RuntimeException e) {
            segments.forEach(Segment::close);
            throw e;
        }
    }

    /**
     * What was found at the opening.
     *
     * @return the findings
     */
    public LogRecovery recovery() {
        return recovery;
    }

    /**
     * Where the next record goes, if it fits there.
     *
     * @return a position behind all others, and its segment; or null if there is no segment
     */
    public @Nullable Position end() {
        SegmentWriter current = writer;
        return current == null ? null : new Position(current.segment().header().segmentId(), current.position());
    }

    /**
     * A place in the log.
     *
     * @param segmentId in which segment
     * @param offset bytes from its beginning
     */
    public record Position(long segmentId, long offset) {}

    /**
     * How many segments there are.
     *
     * @return the count
     */
    public int segmentCount() {
        return segments.size();
    }

    /**
     * The segments that there are. Any thread may look into it.
     *
     * @return the table, kept up to date
     */
    public SegmentTable segments() {
        return segments;
    }

    /**
     * Makes sure that several records can be appended one after the other without running out of space: they get one
     * segment together.
     *
     * @param records what will be appended next
     * @throws NoSpaceException if a new segment was needed and the disk is full; nothing has changed then
     * @throws IllegalArgumentException if no segment can hold them
     * @throws IOException if anything else fails; nothing may be written any more then
     */
    public void makeRoom(List<RecordContent> records) throws IOException {
        long needed = 0;
        for (RecordContent record : records) {
            needed = Math.addExact(needed, record.layout().lengthBytes());
        }
        SegmentWriter current = writer;
        if (current == null || !current.fits(needed)) {
            begin(needed, current, reserveBytes);
        }
        beginNext();
    }

    /**
     * Whether records of a length can be expected to find room. Any thread.
     *
     * @param lengthBytes length of the records together
     * @return whether they fit into the last segment, or the disk has room for another one and the reserve
     * @throws IOException if that cannot be found out
     */
    public boolean hasRoomFor(long lengthBytes) throws IOException {
        return lengthBytes <= roomBytes
                || disk.usableBytes() - reserveBytes + preallocatedBytes()
                        >= Math.max(segmentBytes, lengthBytes + SegmentDescriptor.DATA_OFFSET);
    }

    private long preallocatedBytes() {
        Preallocation begun = next;
        return begun == null ? 0 : begun.filledBytes();
    }

    /**
     * Deletes a segment that nothing of value is in. Who has it pinned can go on reading.
     *
     * @param segment any but the last one
     * @throws IOException if it is not certain that it is gone; nothing may be written any more then
     */
    public void drop(Segment segment) throws IOException {
        if (segment == segments.last()) {
            throw new IllegalArgumentException("the last segment is written to, and cannot be dropped");
        }
        segments.remove(segment);
        disk.delete(SegmentDescriptor.fileName(segment.header().segmentId()));
        disk.force();
        segment.retire();
    }

    /**
     * As {@link #append}, but for what frees space in the end: it may take the reserve.
     *
     * @param content what the record holds
     * @return where it is
     * @throws NoSpaceException if a new segment was needed and the disk is full; nothing has changed then
     * @throws IOException if anything else fails; nothing may be written any more then
     */
    public Appended appendFromReserve(RecordContent content) throws IOException {
        return append(content, 0);
    }

    /**
     * Writes a record behind all others. It survives a power cut once {@link #force} has returned.
     *
     * @param content what the record holds
     * @return where it is
     * @throws NoSpaceException if a new segment was needed and the disk is full; nothing has changed then, and it can
     *     be tried again
     * @throws IllegalArgumentException if no segment can hold such a record
     * @throws IOException if anything else fails; nothing may be written any more then
     */
    public Appended append(RecordContent content) throws IOException {
        return append(content, reserveBytes);
    }

    private Appended append(RecordContent content, long leaveBytes) throws IOException {
        RecordLayout layout = content.layout();
        SegmentWriter current = writer;
        if (current == null || !current.fits(layout.lengthBytes())) {
            current = begin(layout.lengthBytes(), current, leaveBytes);
        }
        try {
            Appended appended = new Appended(current.segment(), current.append(content));
            roomBytes = current.roomBytes();
            return appended;
        } catch (NoSpaceException e) {
            // Preallocated space has run out all the same: the record may be there in part, which nothing can undo.
            throw new IOException("no space inside the preallocated segment " + current.segment().path(), e);
        }
    }

    private SegmentWriter begin(long lengthBytes, @Nullable SegmentWriter full, long leaveBytes)
            throws IOException {
        long needed = lengthBytes > SegmentDescriptor.MAX_CAPACITY_BYTES
                ? lengthBytes
                : SegmentDescriptor.pageAligned(SegmentDescriptor.DATA_OFFSET + lengthBytes);
        if (needed > SegmentDescriptor.MAX_CAPACITY_BYTES) {
            throw new IllegalArgumentException("the records of a bundle have at most " + SegmentDescriptor.MAX_CAPACITY_BYTES
                    + " bytes, headers of the segment included, but these would have " + needed);
        }
        if (full != null) {
            full.force();
        }
        long nonce = nonces.getAsLong();
        while (nonce == 0) {
            nonce = nonces.getAsLong();
        }
        Preallocation ready = take(Math.max(segmentBytes, needed), leaveBytes);
        Segment begun = ready.finish(new SegmentHeader(
                SegmentDescriptor.FORMAT_VERSION, ready.segmentId(), ready.capacityBytes(), nonce, deploymentId));
        segments.add(begun);
        SegmentWriter first = SegmentWriter.atStart(begun);
        writer = first;
        return first;
    }

    private Preallocation take(long capacityBytes, long leaveBytes) throws IOException {
        Preallocation begun = next;
        next = null;
        if (begun != null) {
            if (begun.capacityBytes() == capacityBytes) {
                return begun;
            }
            begun.drop();
        }
        return Preallocation.begin(disk, nextSegmentId(), capacityBytes, leaveBytes);
    }

    private long nextSegmentId() {
        Segment last = segments.last();
        return last == null ? 1 : last.header().segmentId() + 1;
    }

    private void beginNext() throws IOException {
        if (preallocates
                && next == null
                && writer != null
                && disk.usableBytes() - reserveBytes >= LEAST_SEGMENTS_FREE * segmentBytes) {
            next = Preallocation.begin(disk, nextSegmentId(), segmentBytes, reserveBytes);
        }
    }

    /** From now on the next segment is begun ahead of its time, for {@link #fillNext} to fill. Any thread. */
    public void preallocateAhead() {
        preallocates = true;
    }

    /**
     * Fills a little of the next segment with zeros, twice as fast as records fill the present one: so it is ready in time,
     * and who waits for the disk hardly notices. Any thread.
     *
     * @return whether anything was done
     */
    public boolean fillNext() {
        Preallocation begun = next;
        long usedBytes = segmentBytes - roomBytes;
        if (begun == null || begun.filledBytes() >= FILL_PACE * usedBytes) {
            return false;
        }
        long before = begun.filledBytes();
        begun.step();
        return begun.filledBytes() != before;
    }

    /**
     * Makes all appended records survive a power cut.
     *
     * @throws IOException if that is not certain; it must not be tried again, and nothing may be written any more
     */
    public void force() throws IOException {
        if (writer != null) {
            writer.force();
        }
    }

    /**
     * Forces, and leaves a mark that tells the next opening so.
     *
     * @throws IOException as {@link #force}
     */
    public void mark() throws IOException {
        if (writer != null) {
            writer.mark();
        }
    }

    /** Closes the files as soon as nobody reads them, and forces nothing. */
    @Override
    public void close() {
        Preallocation begun = next;
        next = null;
        if (begun != null) {
            try {
                begun.drop();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "an empty segment is left behind, which the next opening deletes", e);
            }
        }
        segments.all().forEach(Segment::close);
    }
}
