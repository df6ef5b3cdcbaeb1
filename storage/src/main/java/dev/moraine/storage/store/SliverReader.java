package dev.moraine.storage.store;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.blob.InvalidMetadataException;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.storage.segment.RecordDescriptor;
import dev.moraine.storage.segment.RecordHeader;
import dev.moraine.storage.segment.RecordLayout;
import dev.moraine.storage.segment.RecordType;
import dev.moraine.storage.store.BlobEntry.CertificateSlot;
import dev.moraine.storage.store.BlobEntry.PairSlot;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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

    /** Longer than a record header with the metadata of the largest committee. */
    private static final long METADATA_READ_BYTES = 16 << 10;

    private static final PairLookup NOT_HELD = new PairLookup.NotHeld();
    private static final PairLookup QUARANTINED = new PairLookup.Quarantined();

    private final SliverIndex index;
    private final AtomicLong quarantined;
    private final AtomicLong quarantinedBytes = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Reads what an index knows.
     *
     * @param index where everything is
     * @param quarantined how much damage was found before
     */
    SliverReader(SliverIndex index, long quarantined) {
        this.index = index;
        this.quarantined = new AtomicLong(quarantined);
    }

    /** As {@link SliverStore#find}. */
    PairLookup find(BlobId id, int pairIndex) {
        checkOpen();
        PairSlot slot = index.pair(id, pairIndex);
        if (slot == null) {
            return NOT_HELD;
        }
        if (slot.quarantined()) {
            return QUARANTINED;
        }
        StoredPair pair = null;
        IOException cause = null;
        try {
            pair = read(id, slot);
        } catch (IOException e) {
            cause = e;
        }
        if (pair != null) {
            return new PairLookup.Found(pair);
        }
        quarantine(id, slot, cause);
        return QUARANTINED;
    }

    private static @Nullable StoredPair read(BlobId id, PairSlot slot) throws IOException {
        RecordPlace place = slot.place();
        Arena arena = Arena.ofShared();
        StoredPair pair = null;
        try {
            MemorySegment record =
                    arena.allocate(place.lengthBytes(), RecordDescriptor.SLIVER_ALIGNMENT_BYTES);
            RecordHeader header = place.segment().readRecord(place.offset(), record);
            if (header != null && isPair(header, id, slot.pairIndex())) {
                pair = new StoredPair(arena, record, header);
            }
            return pair;
        } finally {
            if (pair == null) {
                arena.close();
            }
        }
    }

    private static boolean isPair(RecordHeader header, BlobId id, int pairIndex) {
        return header.type() == RecordType.PAIR
                && header.pairIndex() == pairIndex
                && header.blobId().equals(id.digest());
    }

    /** As {@link SliverStore#metadata}. */
    @Nullable BlobMetadata metadata(BlobId id) {
        checkOpen();
        for (PairSlot slot : index.blob(id).pairs()) {
            if (slot.quarantined()) {
                continue;
            }
            BlobMetadata metadata = null;
            IOException cause = null;
            try {
                metadata = readMetadata(id, slot);
            } catch (IOException e) {
                cause = e;
            } catch (InvalidMetadataException e) {
                cause = new IOException("the stored metadata is damaged", e);
            }
            if (metadata != null) {
                return metadata;
            }
            quarantine(id, slot, cause);
        }
        return null;
    }

    /** Reads no slivers, and so cannot check the record; but metadata that hashes to the id is right. */
    private static @Nullable BlobMetadata readMetadata(BlobId id, PairSlot slot)
            throws IOException, InvalidMetadataException {
        RecordPlace place = slot.place();
        MemorySegment start =
                MemorySegment.ofArray(new byte[(int) Math.min(METADATA_READ_BYTES, place.lengthBytes())]);
        RecordHeader header = place.segment().readHeader(place.offset(), start);
        if (header == null || !isPair(header, id, slot.pairIndex())) {
            return null;
        }
        RecordLayout layout = header.layout();
        if (layout.listOffset() > start.byteSize()) {
            return null;
        }
        BlobMetadata metadata = StoredPair.decodeMetadata(
                start.asSlice(layout.leadOffset(), layout.leadBytes()).toArray(ValueLayout.JAVA_BYTE));
        return metadata.id().equals(id) ? metadata : null;
    }

    /** As {@link SliverStore#certificate}. */
    @Nullable BlobCertificate certificate(BlobId id) {
        checkOpen();
        CertificateSlot slot = index.blob(id).certificate();
        if (slot == null) {
            return null;
        }
        BlobCertificate certificate = null;
        IOException cause = null;
        try {
            CertificateRecord record = CertificateRecord.read(slot.place());
            certificate = record == null ? null : record.blobCertificate(slot.index());
        } catch (IOException e) {
            cause = e;
        }
        if (certificate == null) {
            checkOpen();
            if (index.dropCertificate(id, slot)) {
                note("the certificate of bundle " + slot.bundle().bundleRoot(), slot.place(), cause);
            }
        }
        return certificate;
    }

    private void quarantine(BlobId id, PairSlot slot, @Nullable IOException cause) {
        // A store that is closed while others read has lost nothing.
        checkOpen();
        if (index.quarantine(id, slot)) {
            note("pair " + slot.pairIndex() + " of blob " + id, slot.place(), cause);
        }
    }

    private void note(String what, RecordPlace place, @Nullable IOException cause) {
        quarantined.incrementAndGet();
        quarantinedBytes.addAndGet(place.lengthBytes());
        LOG.log(
                Level.WARNING,
                "quarantined: " + what + ", " + place.lengthBytes() + " bytes at " + place.offset() + " of "
                        + place.segment().path(),
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

    /**
     * Refuses everything from now on.
     *
     * @return whether it was open
     */
    boolean close() {
        return closed.compareAndSet(false, true);
    }
}
