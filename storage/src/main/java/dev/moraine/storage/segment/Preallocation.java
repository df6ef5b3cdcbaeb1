package dev.moraine.storage.segment;

import dev.moraine.storage.disk.Disk;
import dev.moraine.storage.disk.DiskFile;
import dev.moraine.storage.disk.NoSpaceException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A segment on its way to the disk: zeros to its full length, so that later writes change no metadata of the file and find
 * their space taken. It gets its name when all of that has reached the disk.
 *
 * <p>Threading: the owner of the disk begins, finishes and drops it; any thread may fill it meanwhile, a step at a time.
 */
final class Preallocation {
    /** What a step writes. */
    static final int STEP_BYTES = 1 << 20;

    /** Forced this often, so that a force of somebody else never has to wait for all of it. */
    private static final long FORCE_INTERVAL_BYTES = 16L << 20;

    private static final MemorySegment ZEROS =
            MemorySegment.ofArray(new byte[STEP_BYTES]).asReadOnly();

    private final Disk disk;
    private final long segmentId;
    private final long capacityBytes;
    private final DiskFile file;
    private volatile long filledBytes;
    private @Nullable IOException failure;
    private boolean closed;

    private Preallocation(Disk disk, long segmentId, long capacityBytes, DiskFile file) {
        this.disk = disk;
        this.segmentId = segmentId;
        this.capacityBytes = capacityBytes;
        this.file = file;
    }

    /**
     * Begins with an empty file. Owner of the disk.
     *
     * @param disk where
     * @param segmentId of which segment
     * @param capacityBytes its length
     * @param leaveBytes how much of the disk must be left free
     * @return the empty file
     * @throws NoSpaceException if the disk has less room; nothing has changed then
     * @throws IOException if the file cannot be made
     */
    static Preallocation begin(Disk disk, long segmentId, long capacityBytes, long leaveBytes) throws IOException {
        // A full disk is not written full over and over.
        long usableBytes = disk.usableBytes() - leaveBytes;
        if (usableBytes < capacityBytes) {
            throw new NoSpaceException(
                    "a segment takes " + capacityBytes + " bytes, but only " + usableBytes + " can be used", null);
        }
        DiskFile file = disk.create(SegmentDescriptor.unfinishedFileName(segmentId));
        return new Preallocation(disk, segmentId, capacityBytes, file);
    }

    /** Of which segment. */
    long segmentId() {
        return segmentId;
    }

    /** The length of the segment. */
    long capacityBytes() {
        return capacityBytes;
    }

    /** How far the zeros reach. Any thread. */
    long filledBytes() {
        return filledBytes;
    }

    /**
     * Writes some of the zeros. Any thread. A failure is kept for the owner, who cannot finish then.
     *
     * @return whether there is more to do
     */
    synchronized boolean step() {
        if (closed || failure != null || filledBytes == capacityBytes) {
            return false;
        }
        try {
            long count = Math.min(STEP_BYTES, capacityBytes - filledBytes);
            file.write(filledBytes, ZEROS.asSlice(0, count));
            filledBytes += count;
            if (filledBytes % FORCE_INTERVAL_BYTES == 0) {
                file.force(true);
            }
        } catch (IOException e) {
            failure = e;
        }
        return failure == null && filledBytes < capacityBytes;
    }

    /**
     * Does what is left to do, and gives the segment its name. Owner of the disk.
     *
     * @param header what the segment says about itself
     * @return the empty segment
     * @throws NoSpaceException if the disk is full; nothing is left behind then
     * @throws IOException if anything else fails, or did in a step
     */
    Segment finish(SegmentHeader header) throws IOException {
        String unfinished = SegmentDescriptor.unfinishedFileName(segmentId);
        try {
            fill(header);
        } catch (NoSpaceException e) {
            disk.delete(unfinished);
            throw e;
        }
        String name = SegmentDescriptor.fileName(segmentId);
        disk.rename(unfinished, name);
        disk.force();
        return Segment.preallocated(header, disk.open(name), disk.describe(name));
    }

    private synchronized void fill(SegmentHeader header) throws IOException {
        try (DiskFile filled = file) {
            boolean more = true;
            while (more) {
                more = step();
            }
            IOException cause = failure;
            if (cause != null) {
                throw cause;
            }
            MemorySegment bytes = MemorySegment.ofArray(new byte[SegmentDescriptor.HEADER_BYTES]);
            header.encode(bytes);
            filled.write(0, bytes);
            filled.write(SegmentDescriptor.SECOND_HEADER_OFFSET, bytes);
            filled.force(true);
        } finally {
            closed = true;
        }
    }

    /**
     * Gives it up. Owner of the disk.
     *
     * @throws IOException if the file cannot be deleted
     */
    void drop() throws IOException {
        synchronized (this) {
            closed = true;
            file.close();
        }
        disk.delete(SegmentDescriptor.unfinishedFileName(segmentId));
    }
}
