package dev.moraine.storage.store;

import dev.moraine.proofs.proof.Axis;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the index says about one blob. Immutable: every change makes another entry.
 *
 * @param metadata where the metadata is, or null
 * @param pairs the sliver pairs of which anything was stored, each index once
 * @param certificate the certificate with the latest expiry, or null
 * @param signedExpiryEpoch the latest expiry that was signed, or {@link SliverStore#NO_EXPIRY}
 * @param certifiedExpiryEpoch the latest expiry that a certificate said, or {@link SliverStore#NO_EXPIRY}
 */
record BlobEntry(
        @Nullable RecordPlace metadata,
        List<PairSlot> pairs,
        @Nullable CertificateSlot certificate,
        long signedExpiryEpoch,
        long certifiedExpiryEpoch) {
    /** Nothing is known. */
    static final BlobEntry EMPTY =
            new BlobEntry(null, List.of(), null, SliverStore.NO_EXPIRY, SliverStore.NO_EXPIRY);

    /**
     * One sliver pair, of which at least one sliver was stored. Both are at the same place when they were stored
     * together.
     *
     * @param pairIndex which
     * @param primary where the record of the primary sliver is, or null
     * @param secondary where the record of the secondary sliver is, or null
     */
    record PairSlot(int pairIndex, @Nullable RecordPlace primary, @Nullable RecordPlace secondary) {
        @Nullable RecordPlace place(Axis axis) {
            return axis == Axis.ROW ? primary : secondary;
        }
    }

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
        // Not by an iterator: reads of symbols come by here, and allocate nothing.
        for (int i = 0; i < pairs.size(); i++) {
            if (pairs.get(i).pairIndex() == pairIndex) {
                return pairs.get(i);
            }
        }
        return null;
    }

    BlobEntry withMetadata(RecordPlace place) {
        return new BlobEntry(place, pairs, certificate, signedExpiryEpoch, certifiedExpiryEpoch);
    }

    /** Notes slivers of a pair; a null place leaves what is known of that sliver. */
    BlobEntry withSlivers(int pairIndex, @Nullable RecordPlace primary, @Nullable RecordPlace secondary) {
        PairSlot present = pair(pairIndex);
        PairSlot merged = new PairSlot(
                pairIndex,
                primary == null && present != null ? present.primary() : primary,
                secondary == null && present != null ? present.secondary() : secondary);
        List<PairSlot> changed = new ArrayList<>(pairs.size() + 1);
        for (PairSlot other : pairs) {
            if (other.pairIndex() != pairIndex) {
                changed.add(other);
            }
        }
        changed.add(merged);
        return new BlobEntry(metadata, List.copyOf(changed), certificate, signedExpiryEpoch, certifiedExpiryEpoch);
    }

    BlobEntry withCertificate(CertificateSlot slot) {
        return new BlobEntry(
                metadata, pairs, slot, signedExpiryEpoch, Math.max(certifiedExpiryEpoch, slot.expiryEpoch()));
    }

    /** The certificate is damaged; what it said about the expiry still holds. */
    BlobEntry withoutCertificate() {
        return new BlobEntry(metadata, pairs, null, signedExpiryEpoch, certifiedExpiryEpoch);
    }

    BlobEntry withSignedExpiry(long expiryEpoch) {
        return new BlobEntry(
                metadata, pairs, certificate, Math.max(signedExpiryEpoch, expiryEpoch), certifiedExpiryEpoch);
    }

    /** The latest expiry that was signed or certified. */
    long expiryEpoch() {
        return Math.max(signedExpiryEpoch, certifiedExpiryEpoch);
    }
}
