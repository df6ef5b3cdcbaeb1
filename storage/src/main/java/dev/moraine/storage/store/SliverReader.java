package dev.moraine.storage.store;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.blob.InvalidMetadataException;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.storage.segment.RecordDescriptor;
import dev.moraine.storage.segment.RecordHeader;
import dev.moraine.storage.segment.RecordLayout;
import dev.moraine.storage.segment.RecordType;
import dev.moraine.storage.segment.Segment;
import dev.moraine.storage.segment.SegmentTable;
import dev.moraine.storage.store.BlobEntry.CertificateSlot;
import dev.moraine.storage.store.BlobEntry.PairSlot;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Looks records up, reads them, and quarantines what turns out to be damaged or unreadable.
 *
 * <p>Threading: any number of threads; none waits for another or for the writer.
 */
final class SliverReader {
    private static final Logger LOG = System.getLogger(SliverStore.class.getName());

    /** Most damaged slivers that wait for repair; others are found again by the next scrub. */
    private static final int MAX_DAMAGED_SLIVERS = 1 << 12;

    /** How often a read follows a record to another segment before it gives up. */
    private static final int MAX_MOVES = 8;

    private static final PairLookup NOT_HELD = new PairLookup.NotHeld();
    private static final PairLookup QUARANTINED = new PairLookup.Quarantined();

    private final SegmentTable segments;
    private final SliverIndex index;
    private final AtomicLong quarantined;
    private final AtomicLong quarantinedBytes = new AtomicLong();
    private final Queue<DamagedSliver> damagedSlivers = new ArrayBlockingQueue<>(MAX_DAMAGED_SLIVERS);
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * A record in memory.
     *
     * @param bytes all of it
     * @param header its header
     */
    private record Read(MemorySegment bytes, RecordHeader header) {
        MemorySegment lead() {
            RecordLayout layout = header.layout();
            return bytes.asSlice(layout.leadOffset(), layout.leadBytes());
        }

        MemorySegment list() {
            RecordLayout layout = header.layout();
            return bytes.asSlice(layout.listOffset(), layout.listBytes());
        }

        StoredPair.Line line(Axis axis) {
            RecordLayout layout = header.layout();
            MemorySegment trees = list();
            boolean both = header.type() == RecordType.PAIR;
            long treeBytes = both ? trees.byteSize() / 2 : trees.byteSize();
            return axis == Axis.ROW
                    ? new StoredPair.Line(
                            bytes.asSlice(layout.primaryOffset(), layout.primaryBytes()), trees.asSlice(0, treeBytes))
                    : new StoredPair.Line(
                            bytes.asSlice(layout.secondaryOffset(), layout.secondaryBytes()),
                            trees.asSlice(trees.byteSize() - treeBytes, treeBytes));
        }
    }

    /** A record is not where it was: its segment is gone. */
    private static final class MovedException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Reads what an index knows.
     *
     * @param segments where the records are
     * @param index where everything is in them
     * @param quarantined how much damage was found before
     */
    SliverReader(SegmentTable segments, SliverIndex index, long quarantined) {
        this.segments = segments;
        this.index = index;
        this.quarantined = new AtomicLong(quarantined);
    }

    /**
     * Reads slivers of a pair.
     *
     * @param id the blob
     * @param pairIndex which pair
     * @param axis which sliver, or null for both
     * @return the slivers, or why not
     */
    PairLookup find(BlobId id, int pairIndex, @Nullable Axis axis) {
        checkOpen();
        for (int moves = 0; moves < MAX_MOVES; moves++) {
            BlobEntry entry = index.blob(id);
            try {
                return find(id, entry, pairIndex, axis);
            } catch (MovedException e) {
                checkOpen();
                if (index.blob(id).equals(entry)) {
                    return NOT_HELD;
                }
            }
        }
        return NOT_HELD;
    }

    private PairLookup find(BlobId id, BlobEntry entry, int pairIndex, @Nullable Axis axis) throws MovedException {
        PairSlot slot = entry.pair(pairIndex);
        RecordPlace metadata = entry.metadata();
        RecordPlace primary = slot == null || axis == Axis.COLUMN ? null : slot.primary();
        RecordPlace secondary = slot == null || axis == Axis.ROW ? null : slot.secondary();
        boolean isHeld = metadata != null
                && (primary != null || axis == Axis.COLUMN)
                && (secondary != null || axis == Axis.ROW);
        if (slot == null || !isHeld) {
            return NOT_HELD;
        }
        Arena arena = Arena.ofShared();
        StoredPair pair = null;
        try {
            Read head = metadata == null ? null : readMetadata(arena, id, metadata);
            if (head == null) {
                return QUARANTINED;
            }
            Read row = primary == null ? null : readSlivers(arena, id, pairIndex, primary);
            Read column = secondary == null
                    ? null
                    : secondary.equals(primary) ? row : readSlivers(arena, id, pairIndex, secondary);
            if ((row != null || primary == null) && (column != null || secondary == null)) {
                pair = new StoredPair(
                        arena::close,
                        head.lead(),
                        head.list(),
                        pairIndex,
                        row == null ? null : row.line(Axis.ROW),
                        column == null ? null : column.line(Axis.COLUMN));
                return new PairLookup.Found(pair);
            }
            return QUARANTINED;
        } finally {
            if (pair == null) {
                arena.close();
            }
        }
    }

    private @Nullable Read readMetadata(Arena arena, BlobId id, RecordPlace place) throws MovedException {
        IOException cause = null;
        try {
            Read read = read(arena, place);
            if (read != null
                    && read.header().type() == RecordType.METADATA
                    && read.header().blobId().equals(id.digest())) {
                return read;
            }
        } catch (IOException e) {
            cause = e;
        }
        noteDamaged(id, place, cause);
        return null;
    }

    private @Nullable Read readSlivers(Arena arena, BlobId id, int pairIndex, RecordPlace place)
            throws MovedException {
        IOException cause = null;
        try {
            Read read = read(arena, place);
            if (read != null
                    && read.header().pairIndex() == pairIndex
                    && read.header().blobId().equals(id.digest())) {
                return read;
            }
        } catch (IOException e) {
            cause = e;
        }
        if (index.quarantine(id, place)) {
            note("pair " + pairIndex + " of blob " + id, place, cause);
            damagedSlivers.offer(new DamagedSliver(id, pairIndex));
        }
        return null;
    }

    /** Gives null when the record is damaged, also when it was so before. */
    private @Nullable Read read(Arena arena, RecordPlace place) throws IOException, MovedException {
        Segment segment = pin(place);
        try {
            if (segment.isDamaged(place.offset())) {
                return null;
            }
            MemorySegment bytes = arena.allocate(place.lengthBytes(), RecordDescriptor.SLIVER_ALIGNMENT_BYTES);
            RecordHeader header = segment.readRecord(place.offset(), bytes);
            return header == null ? null : new Read(bytes, header);
        } catch (IOException e) {
            // A store that is closed while others read has lost nothing.
            checkOpen();
            throw e;
        } finally {
            segment.unpin();
        }
    }

    private Segment pin(RecordPlace place) throws MovedException {
        Segment segment = segments.pin(place.segmentId());
        if (segment == null) {
            throw new MovedException();
        }
        return segment;
    }

    /** As {@link SliverStore#metadata}. */
    @Nullable BlobMetadata metadata(BlobId id) {
        checkOpen();
        for (int moves = 0; moves < MAX_MOVES; moves++) {
            RecordPlace place = index.blob(id).metadata();
            if (place == null) {
                return null;
            }
            try (Arena arena = Arena.ofConfined()) {
                Read read = readMetadata(arena, id, place);
                return read == null ? null : decoded(id, read, place);
            } catch (MovedException e) {
                checkOpen();
                if (place.equals(index.blob(id).metadata())) {
                    return null;
                }
            }
        }
        return null;
    }

    private @Nullable BlobMetadata decoded(BlobId id, Read read, RecordPlace place) {
        try {
            BlobMetadata metadata =
                    StoredPair.decodeMetadata(read.lead().toArray(ValueLayout.JAVA_BYTE));
            if (metadata.id().equals(id)) {
                return metadata;
            }
        } catch (InvalidMetadataException e) {
            LOG.log(Level.DEBUG, "metadata with a right checksum that is wrong in itself", e);
        }
        noteDamaged(id, place, null);
        return null;
    }

    /** As {@link SliverStore#certificate}. */
    @Nullable BlobCertificate certificate(BlobId id) {
        checkOpen();
        for (int moves = 0; moves < MAX_MOVES; moves++) {
            CertificateSlot slot = index.blob(id).certificate();
            if (slot == null) {
                return null;
            }
            try {
                return certificate(id, slot);
            } catch (MovedException e) {
                checkOpen();
                if (slot.equals(index.blob(id).certificate())) {
                    index.dropCertificate(id, slot);
                    return null;
                }
            }
        }
        return null;
    }

    private @Nullable BlobCertificate certificate(BlobId id, CertificateSlot slot) throws MovedException {
        BlobCertificate certificate = null;
        IOException cause = null;
        Segment segment = pin(slot.place());
        try {
            CertificateRecord record = CertificateRecord.read(segment, slot.place());
            certificate = record == null ? null : record.blobCertificate(slot.index());
        } catch (IOException e) {
            cause = e;
        } finally {
            segment.unpin();
        }
        if (certificate == null) {
            checkOpen();
            if (index.dropCertificate(id, slot) && !segment.isDamaged(slot.place().offset())) {
                note("the certificate of bundle " + slot.bundle().bundleRoot(), slot.place(), cause);
            }
        }
        return certificate;
    }

    /**
     * Quarantines a record that was found damaged. No pair of a blob can be served without the metadata.
     *
     * @param id the blob
     * @param place the record
     * @param cause what the system said, or null
     */
    void noteDamaged(BlobId id, RecordPlace place, @Nullable Throwable cause) {
        if (index.quarantine(id, place)) {
            note("a record of blob " + id, place, cause);
            BlobEntry entry = index.blob(id);
            boolean isMetadata = place.equals(entry.metadata());
            for (PairSlot slot : entry.pairs()) {
                if (isMetadata || place.equals(slot.primary()) || place.equals(slot.secondary())) {
                    damagedSlivers.offer(new DamagedSliver(id, slot.pairIndex()));
                }
            }
        }
    }

    /** Notes that a certificate is damaged. Its blobs forget it when they are asked for it. */
    void noteDamagedCertificate(RecordPlace place) {
        Segment segment = segments.find(place.segmentId());
        if (segment != null && segment.markDamaged(place.offset())) {
            note("a certificate", place, null);
        }
    }

    /** Notes that a segment cannot be read at all. */
    void noteUnreadable(Segment segment, IOException cause) {
        quarantined.incrementAndGet();
        LOG.log(Level.WARNING, "the segment " + segment.path() + " cannot be read", cause);
    }

    /** As {@link SliverStore#pollDamaged}. */
    @Nullable DamagedSliver pollDamaged() {
        return damagedSlivers.poll();
    }

    private void note(String what, RecordPlace place, @Nullable Throwable cause) {
        quarantined.incrementAndGet();
        quarantinedBytes.addAndGet(place.lengthBytes());
        LOG.log(
                Level.WARNING,
                "quarantined: " + what + ", " + place.lengthBytes() + " bytes at " + place.offset() + " of segment "
                        + place.segmentId(),
                cause);
    }

    /** Damaged records and places. */
    long quarantined() {
        return quarantined.get();
    }

    /** Length of the records that were found damaged while the store was open. */
    long quarantinedBytes() {
        return quarantinedBytes.get();
    }

    /**
     * Refuses a closed store.
     *
     * @throws IllegalStateException if the store is closed
     */
    void checkOpen() {
        if (closed.get()) {
            throw new IllegalStateException("the store is closed");
        }
    }

    boolean isClosed() {
        return closed.get();
    }

    /**
     * Refuses everything from now on.
     *
     * @return whether it was open
     */
    boolean close() {
        return closed.compareAndSet(false, true);
    }
}
