package dev.moraine.storage.store;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.storage.segment.RecordHeader;
import dev.moraine.storage.segment.Segment;
import dev.moraine.storage.segment.SegmentLog.RecordVisitor;
import dev.moraine.storage.store.BlobEntry.CertificateSlot;
import dev.moraine.storage.store.BlobEntry.PairSlot;
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
        }
        switch (header.type()) {
            case PAIR -> index.putPair(
                    new BlobId(header.blobId()), new PairSlot(header.pairIndex(), place, !intact));
            // All of it is in the header, which is whole.
            case RETENTION -> index.putSignedExpiry(new BlobId(header.blobId()), header.expiryEpoch());
            case CERTIFICATE -> {
                if (intact) {
                    loadCertificate(place);
                }
            }
            case MARK, FILLER -> throw new IllegalArgumentException("bookkeeping is the log's own");
        }
    }

    private void loadCertificate(RecordPlace place) {
        @Nullable CertificateRecord record;
        try {
            record = CertificateRecord.read(place);
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
