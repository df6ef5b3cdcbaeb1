package dev.moraine.storage.store;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.storage.disk.NoSpaceException;
import dev.moraine.storage.segment.RecordContent;
import dev.moraine.storage.segment.RecordDescriptor;
import dev.moraine.storage.segment.RecordHeader;
import dev.moraine.storage.segment.RecordType;
import dev.moraine.storage.segment.Segment;
import dev.moraine.storage.segment.SegmentLog;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Empties segments: copies what is still of value behind the other records, forces the copies, brings the index to the
 * disk, and then deletes the segment. A crash in between leaves every record at one place or at both.
 *
 * <p>Threading: the writer's, but for {@link #offer}.
 */
final class Compactor {
    private static final Logger LOG = System.getLogger(SliverStore.class.getName());

    private final SegmentLog log;
    private final SliverIndex index;
    private final StoreLoader loader;
    private final AtomicLong bytes;
    private final AtomicReference<@Nullable Victim> next = new AtomicReference<>();
    private @Nullable Victim current;
    private int done;
    private boolean copied;

    /**
     * A segment to be emptied.
     *
     * @param survey what is in it
     * @param liveness what is to be kept
     */
    record Victim(SegmentSurvey survey, Liveness liveness) {}

    /** How a step ended. */
    enum Step {
        /** There is nothing to do. */
        IDLE,
        /** There is more to do. */
        BUSY,
        /** The segment is empty: the copies must be forced, and the index committed, before it is dropped. */
        EMPTIED
    }

    /**
     * A compactor with nothing to do.
     *
     * @param log what is compacted
     * @param index what points into it
     * @param loader puts copies into the index
     * @param bytes length of all records, to which copies are added
     */
    Compactor(SegmentLog log, SliverIndex index, StoreLoader loader, AtomicLong bytes) {
        this.log = log;
        this.index = index;
        this.loader = loader;
        this.bytes = bytes;
    }

    /**
     * Asks for a segment to be emptied. Any thread.
     *
     * @param victim which
     * @return false if another one waits
     */
    boolean offer(Victim victim) {
        return next.compareAndSet(null, victim);
    }

    /** Whether a segment waits or is being emptied. Any thread, for the first. */
    boolean isBusy() {
        return next.get() != null;
    }

    /** The segment that is being emptied. */
    @Nullable Segment segment() {
        Victim victim = current;
        return victim == null ? null : log.segments().find(victim.survey().segmentId());
    }

    /**
     * Copies up to the next record of value.
     *
     * @param rate is told what was copied
     * @return whether there is more to do
     * @throws NoSpaceException if the disk is full even so; the segment stays
     * @throws IOException if anything else fails; nothing may be written any more then
     */
    Step step(ByteRate rate) throws IOException {
        Victim victim = current;
        if (victim == null) {
            victim = next.get();
            if (victim == null) {
                return Step.IDLE;
            }
            current = victim;
            done = 0;
            copied = false;
        }
        Segment segment = segment();
        if (segment == null) {
            forget();
            return Step.BUSY;
        }
        while (done < victim.survey().headers().size()) {
            RecordHeader header = victim.survey().headers().get(done);
            if (isLive(victim, segment, header)) {
                copy(segment, header);
                rate.pass(header.layout().lengthBytes());
                copied = true;
                done++;
                return Step.BUSY;
            }
            done++;
        }
        return Step.EMPTIED;
    }

    private static boolean isLive(Victim victim, Segment segment, RecordHeader header) {
        try {
            return !segment.isDamaged(header.offset())
                    && victim.liveness().liveUntil(segment, header) != Liveness.DEAD;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a record of " + segment.path() + " at " + header.offset() + " cannot be read", e);
            return false;
        }
    }

    private void copy(Segment segment, RecordHeader header) throws IOException {
        RecordPlace from = RecordPlace.of(segment, header);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment record = arena.allocate(from.lengthBytes(), RecordDescriptor.SLIVER_ALIGNMENT_BYTES);
            RecordHeader whole = readOrNull(segment, header.offset(), record);
            if (whole == null) {
                index.quarantine(new BlobId(header.blobId()), from);
                return;
            }
            SegmentLog.Appended appended = log.appendFromReserve(RecordContent.copyOf(whole, record));
            bytes.addAndGet(from.lengthBytes());
            if (whole.type() == RecordType.CERTIFICATE) {
                moveCertificate(
                        segment, from, RecordPlace.of(appended.segment(), appended.header()), whole.expiryEpoch());
            } else {
                loader.put(appended.segment(), appended.header());
            }
        }
    }

    private static @Nullable RecordHeader readOrNull(Segment segment, long offset, MemorySegment target) {
        try {
            return segment.readRecord(offset, target);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a record of " + segment.path() + " at " + offset + " cannot be read", e);
            return null;
        }
    }

    private void moveCertificate(Segment segment, RecordPlace from, RecordPlace to, long number) throws IOException {
        CertificateRecord certificate = CertificateRecord.read(segment, from);
        if (certificate != null) {
            index.putFeedSlot(number, FeedSlot.of(to, certificate.entries()));
            for (BundleEntry entry : certificate.entries()) {
                index.moveCertificate(entry.blobId(), from, to);
            }
        }
    }

    /** Whether anything was copied that must be forced before the segment is dropped. */
    boolean hasCopied() {
        return copied;
    }

    /**
     * Takes what is dead out of the index, before the index is committed and the segment dropped.
     *
     * @param segment the emptied segment
     * @return length of all records that go with it
     */
    long clear(Segment segment) {
        Victim victim = current;
        if (victim == null) {
            return 0;
        }
        long cleared = 0;
        for (RecordHeader header : victim.survey().headers()) {
            if (header.type().isBookkeeping()) {
                continue;
            }
            cleared += header.layout().lengthBytes();
            if (header.type() == RecordType.CERTIFICATE) {
                RecordPlace place = RecordPlace.of(segment, header);
                index.removeFeedSlot(header.expiryEpoch(), place);
                clearCertificate(segment, place, victim.liveness());
            } else {
                clearBlob(new BlobId(header.blobId()), victim.liveness());
            }
        }
        return cleared;
    }

    private void clearBlob(BlobId id, Liveness liveness) {
        if (!liveness.isKept(index.blob(id))) {
            index.remove(id);
        }
    }

    private void clearCertificate(Segment segment, RecordPlace place, Liveness liveness) {
        try {
            CertificateRecord certificate = CertificateRecord.read(segment, place);
            if (certificate == null) {
                return;
            }
            boolean isUsed = false;
            for (BundleEntry entry : certificate.entries()) {
                clearBlob(entry.blobId(), liveness);
                BlobEntry.CertificateSlot slot = index.blob(entry.blobId()).certificate();
                isUsed |= slot != null && slot.bundle().equals(certificate.key());
            }
            if (!isUsed) {
                index.removeBundle(certificate.key());
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a certificate of " + segment.path() + " cannot be read", e);
        }
    }

    /** The segment is gone, or stays as it is. */
    void forget() {
        current = null;
        next.set(null);
    }
}
