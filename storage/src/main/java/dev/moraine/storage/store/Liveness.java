package dev.moraine.storage.store;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.storage.segment.RecordHeader;
import dev.moraine.storage.segment.RecordType;
import dev.moraine.storage.segment.Segment;
import dev.moraine.storage.store.BlobEntry.PairSlot;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a record is still of value: whether the index points to it, and its blob must still be kept.
 *
 * @param index what points to records
 * @param epoch the current epoch; blobs are kept to the end of their expiry epoch
 * @param keepsUnsigned whether blobs of which no expiry is known are to be kept
 */
record Liveness(SliverIndex index, long epoch, boolean keepsUnsigned) {
    /** What is said of a record that is dead. */
    static final long DEAD = -2;

    /** Whether a blob must be kept. */
    boolean isKept(BlobEntry entry) {
        long expiry = entry.expiryEpoch();
        return expiry == SliverStore.NO_EXPIRY ? keepsUnsigned : expiry >= epoch;
    }

    /**
     * Until when a record is of value, as far as is known.
     *
     * @param segment in which segment it is
     * @param header its header
     * @return the last epoch, or {@link SliverStore#NO_EXPIRY} when none is known, or {@link #DEAD}
     * @throws IOException if a certificate cannot be read
     */
    long liveUntil(Segment segment, RecordHeader header) throws IOException {
        if (header.type().isBookkeeping()) {
            return DEAD;
        }
        RecordPlace place = RecordPlace.of(segment, header);
        if (header.type() == RecordType.CERTIFICATE) {
            CertificateRecord certificate = CertificateRecord.read(segment, place);
            return certificate == null ? DEAD : certificateLiveUntil(certificate, place);
        }
        BlobEntry entry = index.blob(new BlobId(header.blobId()));
        return isKept(entry) && isPointedTo(entry, header, place) ? entry.expiryEpoch() : DEAD;
    }

    private long certificateLiveUntil(CertificateRecord certificate, RecordPlace place) {
        long until = DEAD;
        for (BundleEntry bundled : certificate.entries()) {
            BlobEntry entry = index.blob(bundled.blobId());
            if (isKept(entry) && isCertificateAt(entry, place)) {
                until = Math.max(until, entry.expiryEpoch());
            }
        }
        return until;
    }

    static boolean isCertificateAt(BlobEntry entry, RecordPlace place) {
        return entry.certificate() != null && entry.certificate().place().equals(place);
    }

    private static boolean isPointedTo(BlobEntry entry, RecordHeader header, RecordPlace place) {
        return switch (header.type()) {
            case METADATA -> place.equals(entry.metadata());
            case RETENTION -> header.expiryEpoch() == entry.signedExpiryEpoch();
            case PAIR, PRIMARY, SECONDARY -> isOf(entry.pair(header.pairIndex()), place);
            case CERTIFICATE, MARK, FILLER -> false;
        };
    }

    private static boolean isOf(@Nullable PairSlot slot, RecordPlace place) {
        return slot != null && (place.equals(slot.primary()) || place.equals(slot.secondary()));
    }
}
