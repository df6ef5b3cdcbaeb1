package dev.moraine.storage.store;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.storage.segment.RecordHeader;
import dev.moraine.storage.segment.RecordType;
import dev.moraine.storage.segment.Segment;
import dev.moraine.storage.segment.SegmentLog.RecordVisitor;
import dev.moraine.storage.store.BlobEntry.CertificateSlot;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts what the segments hold into an index, at opening and, record by record, afterwards. Owned by one thread. */
final class StoreLoader implements RecordVisitor {
    private final SliverIndex index;
    private long bytes;
    private long damagedCertificates;

    /**
     * Prepares the loading.
     *
     * @param index what to fill
     */
    StoreLoader(SliverIndex index) {
        this.index = index;
    }

    @Override
    public void onRecord(Segment segment, RecordHeader header, boolean intact) {
        RecordPlace place = RecordPlace.of(segment, header);
        if (intact) {
            bytes += place.lengthBytes();
        } else {
            segment.markDamaged(header.offset());
        }
        if (header.type() != RecordType.CERTIFICATE) {
            put(segment, header);
        } else if (intact) {
            loadCertificate(segment, place);
        }
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

    private void loadCertificate(Segment segment, RecordPlace place) {
        @Nullable CertificateRecord record;
        try {
            record = CertificateRecord.read(segment, place);
        } catch (IOException e) {
            record = null;
        }
        if (record == null) {
            damagedCertificates++;
            bytes -= place.lengthBytes();
        } else {
            putCertificate(record, place);
        }
    }

    /** Notes a certificate that is whole. */
    void putCertificate(CertificateRecord record, RecordPlace place) {
        BundleKey bundle = record.key();
        index.putBundle(bundle);
        List<BundleEntry> entries = record.entries();
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
