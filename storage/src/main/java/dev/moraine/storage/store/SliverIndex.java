package dev.moraine.storage.store;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.storage.store.BlobEntry.CertificateSlot;
import dev.moraine.storage.store.BlobEntry.PairSlot;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where everything is. Holds nothing that the segments do not say: it is built from them at every opening.
 *
 * <p>Threading: any number of threads read and quarantine, one adds. Readers do not wait.
 */
final class SliverIndex {
    private final ConcurrentHashMap<BlobId, BlobEntry> blobs = new ConcurrentHashMap<>();
    private final Set<BundleKey> bundles = ConcurrentHashMap.newKeySet();
    private final AtomicLong pairs = new AtomicLong();

    @Nullable PairSlot pair(BlobId id, int pairIndex) {
        return blob(id).pair(pairIndex);
    }

    BlobEntry blob(BlobId id) {
        return Objects.requireNonNullElse(blobs.get(id), BlobEntry.EMPTY);
    }

    /**
     * Notes a pair, in place of an earlier record of it.
     *
     * @param id the blob
     * @param slot the pair
     */
    void putPair(BlobId id, PairSlot slot) {
        blobs.compute(id, (key, entry) -> {
            BlobEntry present = Objects.requireNonNullElse(entry, BlobEntry.EMPTY);
            pairs.addAndGet(goodPairs(slot) - goodPairs(present.pair(slot.pairIndex())));
            return present.withPair(slot);
        });
    }

    private static int goodPairs(@Nullable PairSlot slot) {
        return slot == null || slot.quarantined() ? 0 : 1;
    }

    /**
     * Marks the record of a pair as damaged, unless another record has taken its place.
     *
     * @param id the blob
     * @param damaged what was read
     * @return whether this is news
     */
    boolean quarantine(BlobId id, PairSlot damaged) {
        BlobEntry before = blobs.get(id);
        if (before == null || !damaged.equals(before.pair(damaged.pairIndex())) || damaged.quarantined()) {
            return false;
        }
        PairSlot marked = new PairSlot(damaged.pairIndex(), damaged.place(), true);
        boolean changed = blobs.replace(id, before, before.withPair(marked));
        if (changed) {
            pairs.decrementAndGet();
            return true;
        }
        // Another thread changed the entry in between; whether it is still this record's turn must be looked up again.
        return quarantine(id, damaged);
    }

    /**
     * Notes a signed expiry, if it is later than the one that is known.
     *
     * @param id the blob
     * @param expiryEpoch the expiry
     */
    void putSignedExpiry(BlobId id, long expiryEpoch) {
        blobs.compute(id, (key, entry) ->
                Objects.requireNonNullElse(entry, BlobEntry.EMPTY).withSignedExpiry(expiryEpoch));
    }

    boolean hasBundle(BundleKey bundle) {
        return bundles.contains(bundle);
    }

    /** Notes that a bundle's certificate is held; its entries are to be put one by one. */
    void putBundle(BundleKey bundle) {
        bundles.add(bundle);
    }

    /**
     * Notes the certificate of a blob, if none of another bundle with as late an expiry is known. Of one bundle the
     * newest record counts: it is stored again only when an earlier one is damaged.
     *
     * @param id the blob
     * @param slot the blob's place in the certificate's bundle
     */
    void putCertificate(BlobId id, CertificateSlot slot) {
        blobs.compute(id, (key, entry) -> {
            BlobEntry present = Objects.requireNonNullElse(entry, BlobEntry.EMPTY);
            CertificateSlot held = present.certificate();
            boolean later = held == null
                    || slot.expiryEpoch() > held.expiryEpoch()
                    || held.bundle().equals(slot.bundle());
            return later ? present.withCertificate(slot) : present;
        });
    }

    /**
     * Forgets a certificate whose record is damaged, so that it can be stored anew.
     *
     * @param id one of its blobs
     * @param damaged what was read
     * @return whether this is news
     */
    boolean dropCertificate(BlobId id, CertificateSlot damaged) {
        blobs.computeIfPresent(
                id, (key, entry) -> damaged.equals(entry.certificate()) ? entry.withoutCertificate() : entry);
        return bundles.remove(damaged.bundle());
    }

    /** Sliver pairs, quarantined ones not counted. */
    long pairCount() {
        return pairs.get();
    }

    /** Certificates. */
    long certificateCount() {
        return bundles.size();
    }
}
