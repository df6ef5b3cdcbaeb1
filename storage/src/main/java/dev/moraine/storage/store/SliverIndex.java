package dev.moraine.storage.store;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.storage.segment.Segment;
import dev.moraine.storage.segment.SegmentTable;
import dev.moraine.storage.store.BlobEntry.CertificateSlot;
import dev.moraine.storage.store.BlobEntry.PairSlot;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where everything is. Holds nothing that the segments do not say: it is built from them at every opening. Which records
 * are damaged is known to the segments.
 *
 * <p>Threading: any number of threads read and quarantine, one adds. Readers do not wait.
 */
final class SliverIndex {
    private final SegmentTable segments;
    private final ConcurrentHashMap<BlobId, BlobEntry> blobs = new ConcurrentHashMap<>();
    private final Set<BundleKey> bundles = ConcurrentHashMap.newKeySet();
    private final AtomicLong pairs = new AtomicLong();

    /**
     * An empty index.
     *
     * @param segments where the records are
     */
    SliverIndex(SegmentTable segments) {
        this.segments = segments;
    }

    BlobEntry blob(BlobId id) {
        return Objects.requireNonNullElse(blobs.get(id), BlobEntry.EMPTY);
    }

    /**
     * Looks up where a sliver and the metadata of its blob are. Allocates nothing.
     *
     * @param id the blob
     * @param pairIndex which pair
     * @param axis which sliver
     * @param place is set when the sliver is held
     * @return whether it is
     */
    boolean lookUp(BlobId id, int pairIndex, Axis axis, SliverPlace place) {
        BlobEntry entry = blob(id);
        PairSlot slot = entry.pair(pairIndex);
        RecordPlace slivers = slot == null ? null : slot.place(axis);
        RecordPlace metadata = entry.metadata();
        if (slivers == null || metadata == null) {
            return false;
        }
        place.set(metadata, slivers);
        return true;
    }

    /** Whether the record at a place was found damaged, or is gone. */
    boolean isDamaged(RecordPlace place) {
        return segments.isDamaged(place.segmentId(), place.offset());
    }

    /** Whether there is a record at a place, as far as is known without reading it. */
    boolean isGood(@Nullable RecordPlace place) {
        return place != null && !isDamaged(place);
    }

    /** Whether both slivers of a pair are there, as far as is known without reading them. */
    boolean isWhole(@Nullable PairSlot slot) {
        return slot != null && isGood(slot.primary()) && isGood(slot.secondary());
    }

    /**
     * Notes slivers, in place of earlier records of them.
     *
     * @param id the blob
     * @param pairIndex which pair
     * @param primary where the primary sliver is, or null if it is not in the new record
     * @param secondary where the secondary sliver is, likewise
     */
    synchronized void putSlivers(BlobId id, int pairIndex, @Nullable RecordPlace primary, @Nullable RecordPlace secondary) {
        change(id, blob(id).withSlivers(pairIndex, primary, secondary));
    }

    private void change(BlobId id, BlobEntry after) {
        long before = wholePairs(blob(id));
        blobs.put(id, after);
        pairs.addAndGet(wholePairs(after) - before);
    }

    private long wholePairs(BlobEntry entry) {
        return isGood(entry.metadata())
                ? entry.pairs().stream().filter(this::isWhole).count()
                : 0;
    }

    /**
     * Marks a record of a blob as damaged.
     *
     * @param id the blob
     * @param damaged what was read
     * @return whether this is news
     */
    synchronized boolean quarantine(BlobId id, RecordPlace damaged) {
        Segment segment = segments.find(damaged.segmentId());
        BlobEntry entry = blob(id);
        long before = wholePairs(entry);
        if (segment == null || !segment.markDamaged(damaged.offset())) {
            return false;
        }
        pairs.addAndGet(wholePairs(entry) - before);
        return true;
    }

    /**
     * Notes the metadata of a blob, in place of an earlier record of it.
     *
     * @param id the blob
     * @param place where it is
     */
    synchronized void putMetadata(BlobId id, RecordPlace place) {
        change(id, blob(id).withMetadata(place));
    }

    /**
     * Notes a signed expiry, if it is later than the one that is known.
     *
     * @param id the blob
     * @param expiryEpoch the expiry
     */
    synchronized void putSignedExpiry(BlobId id, long expiryEpoch) {
        blobs.put(id, blob(id).withSignedExpiry(expiryEpoch));
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
    synchronized void putCertificate(BlobId id, CertificateSlot slot) {
        BlobEntry present = blob(id);
        CertificateSlot held = present.certificate();
        boolean later = held == null
                || slot.expiryEpoch() > held.expiryEpoch()
                || held.bundle().equals(slot.bundle());
        if (later) {
            blobs.put(id, present.withCertificate(slot));
        }
    }

    /**
     * Forgets a certificate whose record is damaged, so that it can be stored anew.
     *
     * @param id one of its blobs
     * @param damaged what was read
     * @return whether this is news
     */
    synchronized boolean dropCertificate(BlobId id, CertificateSlot damaged) {
        BlobEntry present = blob(id);
        if (damaged.equals(present.certificate())) {
            blobs.put(id, present.withoutCertificate());
        }
        return bundles.remove(damaged.bundle());
    }

    /** Sliver pairs, those with a damaged sliver not counted. */
    long pairCount() {
        return pairs.get();
    }

    /** Certificates. */
    long certificateCount() {
        return bundles.size();
    }
}
