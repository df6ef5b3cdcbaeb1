package dev.moraine.storage.segment;

import dev.moraine.proofs.hash.Digest;
import dev.moraine.storage.disk.Disk;
import dev.moraine.storage.disk.DiskFile;
import dev.moraine.storage.segment.SegmentRefusedException.Refusal;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One segment file.
 *
 * <p>Threading: any number of threads read records; writing is for the one {@link SegmentWriter}.
 */
public final class Segment implements Closeable {
    private static final Logger LOG = System.getLogger(Segment.class.getName());
    private static final int ZERO_FILL_BYTES = 1 << 20;
    private static final int CHECK_BYTES = 64 << 10;

    /** Added to the pins when the segment is retired; far below what pins alone can reach. */
    private static final long RETIRED = Long.MIN_VALUE / 2;

    private final SegmentHeader header;
    private final DiskFile file;
    private final String path;
    private final boolean headerDamaged;
    private final RecordFlags damaged;
    private final RecordFlags verified;
    private final SegmentMapping mapping;
    private final AtomicLong pins = new AtomicLong();
    private final AtomicBoolean retired = new AtomicBoolean();
    private final AtomicBoolean closing = new AtomicBoolean();

    private Segment(SegmentHeader header, DiskFile file, String path, boolean headerDamaged) {
        this.header = header;
        this.file = file;
        this.path = path;
        this.headerDamaged = headerDamaged;
        this.damaged = new RecordFlags(header.capacityBytes());
        this.verified = new RecordFlags(header.capacityBytes());
        this.mapping = new SegmentMapping(file, header.capacityBytes());
    }

    /** A segment whose file has just been made in full. */
    static Segment preallocated(SegmentHeader header, DiskFile file, String path) {
        return new Segment(header, file, path, false);
    }

    /**
     * Opens a segment and checks what it says about itself.
     *
     * @param disk where
     * @param segmentId which
     * @param deploymentId whose slivers it must hold
     * @return the segment
     * @throws SegmentRefusedException if it must not be read
     * @throws IOException if it cannot be read
     */
    static Segment open(Disk disk, long segmentId, Digest deploymentId) throws IOException {
        String name = SegmentDescriptor.fileName(segmentId);
        String path = disk.describe(name);
        DiskFile file = disk.open(name);
        try {
            MemorySegment first = readHeader(file, 0);
            MemorySegment second = readHeader(file, SegmentDescriptor.SECOND_HEADER_OFFSET);
            SegmentHeader firstHeader = SegmentHeader.decode(first);
            SegmentHeader secondHeader = SegmentHeader.decode(second);
            SegmentHeader header = firstHeader != null ? firstHeader : secondHeader;
            if (header == null) {
                throw noHeader(path, first);
            }
            check(header, path, segmentId, deploymentId);
            return new Segment(header, file, path, firstHeader == null || secondHeader == null);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** The bytes of one copy of the header; zeros where they cannot be read, since the other copy may do. */
    static MemorySegment readHeader(DiskFile file, long offset) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[SegmentDescriptor.HEADER_BYTES]);
        try {
            file.read(offset, bytes);
            return bytes;
        } catch (IOException e) {
            return bytes.fill((byte) 0);
        }
    }

    private static SegmentRefusedException noHeader(String path, MemorySegment bytes) {
        int version = bytes.get(SegmentDescriptor.INT, SegmentDescriptor.VERSION_OFFSET);
        boolean later = bytes.get(SegmentDescriptor.LONG, SegmentDescriptor.MAGIC_OFFSET) == SegmentDescriptor.MAGIC
                && version != SegmentDescriptor.FORMAT_VERSION;
        return later
                ? unknownVersion(path, version)
                : new SegmentRefusedException(Refusal.DAMAGED_HEADER, "the segment file " + path
                        + " has no whole header: move it away and start again, and other nodes will repair what it"
                        + " held");
    }

    private static SegmentRefusedException unknownVersion(String path, int version) {
        return new SegmentRefusedException(Refusal.UNKNOWN_VERSION, "the segment file " + path
                + " has format version " + Integer.toUnsignedString(version)
                + ", but this program knows only version " + SegmentDescriptor.FORMAT_VERSION
                + ": start the program that wrote it");
    }

    private static void check(SegmentHeader header, String path, long segmentId, Digest deploymentId)
            throws SegmentRefusedException {
        if (header.version() != SegmentDescriptor.FORMAT_VERSION) {
            throw unknownVersion(path, header.version());
        }
        if (!header.deploymentId().equals(deploymentId)) {
            throw new SegmentRefusedException(Refusal.FOREIGN_DEPLOYMENT, "the segment file " + path
                    + " belongs to the deployment " + header.deploymentId() + ", but this store to "
                    + deploymentId + ": name the folder of this deployment");
        }
        if (header.segmentId() != segmentId) {
            throw new SegmentRefusedException(Refusal.WRONG_SEGMENT_ID, "the segment file " + path
                    + " says that it is segment " + SegmentDescriptor.fileName(header.segmentId())
                    + ": give it back its name");
        }
        if (header.capacityBytes() < SegmentDescriptor.MIN_CAPACITY_BYTES
                || header.capacityBytes() > SegmentDescriptor.MAX_CAPACITY_BYTES
                || SegmentDescriptor.pageAligned(header.capacityBytes()) != header.capacityBytes()) {
            throw new SegmentRefusedException(Refusal.DAMAGED_HEADER, "the segment file " + path
                    + " says that its capacity is " + header.capacityBytes() + " bytes, which no segment has");
        }
    }

    static void fillWithZeros(DiskFile file, long from, long to) throws IOException {
        MemorySegment zeros = MemorySegment.ofArray(new byte[(int) Math.min(ZERO_FILL_BYTES, Math.max(0, to - from))]);
        for (long position = from; position < to; position += zeros.byteSize()) {
            file.write(position, zeros.asSlice(0, Math.min(zeros.byteSize(), to - position)));
        }
    }

    /**
     * What the segment says about itself.
     *
     * @return the header
     */
    public SegmentHeader header() {
        return header;
    }

    /**
     * The file, for messages.
     *
     * @return the full path
     */
    public String path() {
        return path;
    }

    /**
     * Keeps the segment readable until {@link #unpin}, also when it is retired meanwhile. Never waits.
     *
     * @return whether it was not retired before
     */
    public boolean tryPin() {
        if (pins.getAndIncrement() >= 0) {
            return true;
        }
        unpin();
        return false;
    }

    /** Takes a pin back. The last one of a retired segment closes its file. */
    public void unpin() {
        if (pins.decrementAndGet() == RETIRED) {
            closeRetired();
        }
    }

    /** Lets no one pin the segment any more, and closes its file as soon as nobody has it pinned. */
    void retire() {
        if (retired.compareAndSet(false, true)) {
            pins.incrementAndGet();
            pins.addAndGet(RETIRED);
            unpin();
        }
    }

    private void closeRetired() {
        // A late pin that was refused comes to the same count once more.
        if (closing.compareAndSet(false, true)) {
            try (file) {
                mapping.close();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "the segment file " + path + " could not be closed", e);
            }
        }
    }

    /**
     * Notes that a record is damaged.
     *
     * @param offset where it begins
     * @return whether that is news
     */
    public boolean markDamaged(long offset) {
        return damaged.set(offset);
    }

    /**
     * Whether a record was found damaged.
     *
     * @param offset where it begins
     * @return whether it was
     */
    public boolean isDamaged(long offset) {
        return damaged.isSet(offset);
    }

    /** Whether one copy of the header is damaged. */
    boolean isHeaderDamaged() {
        return headerDamaged;
    }

    DiskFile file() {
        return file;
    }

    /**
     * Reads a whole record and checks that it is the one of this place, undamaged.
     *
     * @param offset where the record begins
     * @param target as long as the record
     * @return the header of the record, or null when the record is damaged
     * @throws IOException if the record cannot be read
     */
    public @Nullable RecordHeader readRecord(long offset, MemorySegment target) throws IOException {
        file.read(offset, target);
        RecordHeader found = RecordHeader.decode(target, header, offset);
        if (found == null || found.layout().lengthBytes() != target.byteSize()) {
            return null;
        }
        int crc = RecordHeader.beginRecordCrc(target)
                .add(target.asSlice(RecordDescriptor.HEADER_BYTES))
                .value();
        return crc == found.recordCrc() ? found : null;
    }

    /**
     * Whether a record is the one of its place and undamaged. It is read for that once, and then known.
     *
     * @param offset where the record begins
     * @param lengthBytes its whole length
     * @return whether it is whole, and was not found damaged before
     * @throws IOException if it cannot be read
     */
    public boolean isWhole(long offset, long lengthBytes) throws IOException {
        if (damaged.isSet(offset)) {
            return false;
        }
        if (verified.isSet(offset)) {
            return true;
        }
        if (!checkRecord(offset, lengthBytes)) {
            return false;
        }
        verified.set(offset);
        return true;
    }

    private boolean checkRecord(long offset, long lengthBytes) throws IOException {
        MemorySegment buffer = MemorySegment.ofArray(new byte[(int) Math.min(CHECK_BYTES, lengthBytes)]);
        file.read(offset, buffer);
        RecordHeader found = RecordHeader.decode(buffer, header, offset);
        if (found == null || found.layout().lengthBytes() != lengthBytes) {
            return false;
        }
        RecordChecksum crc = RecordHeader.beginRecordCrc(buffer).add(buffer.asSlice(RecordDescriptor.HEADER_BYTES));
        for (long done = buffer.byteSize(); done < lengthBytes; done += buffer.byteSize()) {
            MemorySegment part = buffer.asSlice(0, Math.min(buffer.byteSize(), lengthBytes - done));
            file.read(offset + done, part);
            crc.add(part);
        }
        return crc.value() == found.recordCrc();
    }

    /**
     * Whether a record is whole as it is on the disk now, whatever was known before.
     *
     * @param offset where the record begins
     * @param lengthBytes its whole length
     * @return whether it is
     * @throws IOException if it cannot be read
     */
    public boolean isStillWhole(long offset, long lengthBytes) throws IOException {
        return checkRecord(offset, lengthBytes);
    }

    /**
     * The headers of all records, bookkeeping too. For a segment that nothing is appended to.
     *
     * @return whole headers in the order of the file
     * @throws IOException if too much of it cannot be read
     */
    public List<RecordHeader> headers() throws IOException {
        return SegmentScanner.scanHeaders(this).records().stream()
                .map(SegmentScan.Found::header)
                .toList();
    }

    /**
     * The segment as memory.
     *
     * @return all of it, read-only; to be used only while the segment is pinned
     * @throws IOException if it cannot be mapped
     */
    public MemorySegment mapping() throws IOException {
        return mapping.get();
    }

    /**
     * Reads the beginning of a record, and checks its header only.
     *
     * @param offset where the record begins
     * @param target as much as is wanted, at least {@link RecordDescriptor#HEADER_BYTES}
     * @return the header of the record, or null when it is damaged
     * @throws IOException if it cannot be read
     */
    public @Nullable RecordHeader readHeader(long offset, MemorySegment target) throws IOException {
        file.read(offset, target);
        return RecordHeader.decode(target, header, offset);
    }

    /**
     * Reads a part of the file, without any check.
     *
     * @param position where in the file to begin
     * @param target what to fill
     * @throws IOException if it cannot be read
     */
    void readUnchecked(long position, MemorySegment target) throws IOException {
        file.read(position, target);
    }

    /** Lets no one pin the segment any more, and closes its file as soon as nobody has it pinned. */
    @Override
    public void close() {
        retire();
    }
}
