package dev.moraine.storage.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the index says about one blob. Immutable: every change makes another entry.
 *
 * @param pairs the sliver pairs that were stored, each index once
 * @param certificate the certificate with the latest expiry, or null
 * @param signedExpiryEpoch the latest expiry that was signed, or {@link SliverStore#NO_EXPIRY}
 * @param certifiedExpiryEpoch the latest expiry that a certificate said, or {@link SliverStore#NO_EXPIRY}
 */
record BlobEntry(
        List<PairSlot> pairs,
        @Nullable CertificateSlot certificate,
        long signedExpiryEpoch,
        long certifiedExpiryEpoch) {
    /** Nothing is known. */
    static final BlobEntry EMPTY =
            new BlobEntry(List.of(), null, SliverStore.NO_EXPIRY, SliverStore.NO_EXPIRY);

    /**
     * One sliver pair.
     *
     * @param pairIndex which
     * @param place where its record is
     * @param quarantined whether the record was found damaged
     */
    record PairSlot(int pairIndex, RecordPlace place, boolean quarantined) {}

    /**
     * The blob's place in a bundle that was certified.
     *
     * @param place where the record of the certificate is
     * @param bundle which bundle
     * @param index which entry of the bundle is the blob's
     * @param expiryEpoch the entry's expiry
     */
    record CertificateSlot(RecordPlace place, BundleKey bundle, int index, long expiryEpoch) {}

    @Nullable PairSlot pair(int pairIndex) {
        for (PairSlot slot : pairs) {
            if (slot.pairIndex() == pairIndex) {
                return slot;
            }
        }
        return null;
    }

    BlobEntry withPair(PairSlot slot) {
        List<PairSlot> changed = new ArrayList<>(pairs.size() + 1);
        for (PairSlot other : pairs) {
            if (other.pairIndex() != slot.pairIndex()) {
                changed.add(other);
            }
        }
        changed.add(slot);
        return new BlobEntry(List.copyOf(changed), certificate, signedExpiryEpoch, certifiedExpiryEpoch);
    }

    BlobEntry withCertificate(CertificateSlot slot) {
        return new BlobEntry(pairs, slot, signedExpiryEpoch, Math.max(certifiedExpiryEpoch, slot.expiryEpoch()));
    }

    /** The certificate is damaged; what it said about the expiry still holds. */
    BlobEntry withoutCertificate() {
        return new BlobEntry(pairs, null, signedExpiryEpoch, certifiedExpiryEpoch);
    }

    BlobEntry withSignedExpiry(long expiryEpoch) {
        return new BlobEntry(pairs, certificate, Math.max(signedExpiryEpoch, expiryEpoch), certifiedExpiryEpoch);
    }

    /** The latest expiry that was signed or certified. */
    long expiryEpoch() {
        return Math.max(signedExpiryEpoch, certifiedExpiryEpoch);
    }
}
