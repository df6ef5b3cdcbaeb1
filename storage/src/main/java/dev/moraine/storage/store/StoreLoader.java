package dev.moraine.storage.store;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.storage.segment.RecordHeader;
import dev.moraine.storage.segment.RecordType;
import dev.moraine.storage.segment.Segment;
import dev.moraine.storage.segment.SegmentLog.RecordVisitor;
import dev.moraine.storage.store.BlobEntry.CertificateSlot;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts what the segments hold into an index, at opening and, record by record, afterwards. Owned by one thread. */
final class StoreLoader implements RecordVisitor {
    private static final Logger LOG = System.getLogger(SliverStore.class.getName());

    /** Changes in memory after which they are brought to the disk while a store is opened. */
    private static final int MAX_YOUNG = 1 << 16;

    private final SliverIndex index;
    private final @Nullable PersistedIndex persisted;
    private IndexState start = new IndexState(0, 0, 0, new long[0]);
    private long bytes;
    private long damagedCertificates;

    /**
     * Prepares the loading.
     *
     * @param index what to fill
     * @param persisted what is on the disk of it, or null
     */
    StoreLoader(SliverIndex index, @Nullable PersistedIndex persisted) {
        this.index = index;
        this.persisted = persisted;
    }

    @Override
    public long firstSegment(List<Segment> segments) throws IOException {
        if (persisted == null) {
            return 0;
        }
        IndexState state = persisted.state();
        if (state == null || !state.isOf(segments)) {
            persisted.reset();
            LOG.log(segments.isEmpty() ? Level.DEBUG : Level.INFO, "the index is built from the segments");
            return 0;
        }
        start = state;
        bytes = state.bytes();
        index.startFrom(persisted.counts(), persisted.numbers());
        return state.segmentId();
    }

    @Override
    public void onRecord(Segment segment, RecordHeader header, boolean intact) throws IOException {
        RecordPlace place = RecordPlace.of(segment, header);
        if (intact && isNew(place)) {
            bytes += place.lengthBytes();
        }
        if (index.youngCount() >= MAX_YOUNG && index.freeze(null)) {
            index.commit();
        }
        if (header.type() != RecordType.CERTIFICATE) {
            put(segment, header);
            if (!intact) {
                // After it was counted, by the index on the disk or just now.
                index.quarantine(new BlobId(header.blobId()), place);
            }
        } else if (intact) {
            loadCertificate(segment, header);
        } else {
            segment.markDamaged(header.offset());
        }
    }

    private boolean isNew(RecordPlace place) {
        return place.segmentId() > start.segmentId()
                || (place.segmentId() == start.segmentId() && place.offset() >= start.offset());
    }

    /**
     * Notes what a record that is no certificate says.
     *
     * @param segment in which segment it is
     * @param header its header
     */
    void put(Segment segment, RecordHeader header) {
        RecordPlace place = RecordPlace.of(segment, header);
        BlobId id = new BlobId(header.blobId());
        switch (header.type()) {
            case PAIR -> index.putSlivers(id, header.pairIndex(), place, place);
            case PRIMARY -> index.putSlivers(id, header.pairIndex(), place, null);
            case SECONDARY -> index.putSlivers(id, header.pairIndex(), null, place);
            case METADATA -> index.putMetadata(id, place);
            // All of it is in the header, which is whole.
            case RETENTION -> index.putSignedExpiry(id, header.expiryEpoch());
            case CERTIFICATE, MARK, FILLER -> throw new IllegalArgumentException(header.type() + " is put otherwise");
        }
    }

    private void loadCertificate(Segment segment, RecordHeader header) {
        RecordPlace place = RecordPlace.of(segment, header);
        @Nullable CertificateRecord record;
        try {
            record = CertificateRecord.read(segment, place);
        } catch (IOException e) {
            record = null;
        }
        if (record == null) {
            damagedCertificates++;
            bytes -= isNew(place) ? place.lengthBytes() : 0;
        } else {
            putCertificate(record, place, header.expiryEpoch());
        }
    }

    /**
     * Notes a certificate that is whole.
     *
     * @param record the certificate
     * @param place where it is
     * @param number its number, as the head of the record says it
     */
    void putCertificate(CertificateRecord record, RecordPlace place, long number) {
        BundleKey bundle = record.key();
        index.putBundle(bundle);
        List<BundleEntry> entries = record.entries();
        index.putFeedSlot(number, FeedSlot.of(place, entries));
        for (int i = 0; i < entries.size(); i++) {
            BundleEntry entry = entries.get(i);
            index.putCertificate(entry.blobId(), new CertificateSlot(place, bundle, i, entry.expiryEpoch()));
        }
    }

    /** Length of the whole records. */
    long bytes() {
        return bytes;
    }

    /** How many certificates turned out to be damaged behind a whole header. */
    long damagedCertificates() {
        return damagedCertificates;
    }
}
