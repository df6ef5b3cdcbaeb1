package dev.moraine.storage.store;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.storage.segment.Segment;
import dev.moraine.storage.segment.SegmentTable;
import dev.moraine.storage.store.BlobEntry.CertificateSlot;
import dev.moraine.storage.store.BlobEntry.PairSlot;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where everything is. Holds nothing that the segments do not say. Which records are damaged is known to the segments.
 *
 * <p>The bulk is on the disk, in {@link PersistedIndex}; changes since the last checkpoint are in memory, in at most two
 * layers: one that grows, and one that is being committed. Without an index on the disk the first holds everything.
 *
 * <p>Threading: any number of threads read and quarantine, one adds, one at a time commits. Readers do not wait.
 */
final class SliverIndex {
    private final SegmentTable segments;
    private final @Nullable PersistedIndex persisted;
    private final FeedNumbers numbers = new FeedNumbers();
    private final AtomicLong pairs = new AtomicLong();
    private final AtomicLong bundleCount = new AtomicLong();
    /** As {@link #pairs}, but whether damaged or not: damage is found anew after every opening. */
    private final AtomicLong storedPairs = new AtomicLong();
    private volatile Layers layers = new Layers(new IndexLayer(), null);

    /** The newer layer and, while it is being committed, the older one. */
    private record Layers(IndexLayer current, @Nullable Checkpoint frozen) {}

    /** A layer that does not change any more, and what the index will say when it is on the disk. */
    private record Checkpoint(
            IndexLayer layer, PersistedIndex.Counts counts, FeedNumbers.State numbers, @Nullable IndexState state) {}

    /**
     * An index.
     *
     * @param segments where the records are
     * @param persisted what is on the disk, or null to keep everything in memory
     */
    SliverIndex(SegmentTable segments, @Nullable PersistedIndex persisted) {
        this.segments = segments;
        this.persisted = persisted;
    }

    /** Takes over what the index on the disk counted. */
    void startFrom(PersistedIndex.Counts counts, FeedNumbers.State numbering) {
        numbers.startFrom(numbering);
        pairs.set(counts.pairs());
        storedPairs.set(counts.pairs());
        bundleCount.set(counts.bundles());
    }

    BlobEntry blob(BlobId id) {
        BlobEntry entry = young(id);
        if (entry == null && persisted != null) {
            entry = persisted.blob(id);
        }
        return entry == null ? BlobEntry.EMPTY : entry;
    }

    private @Nullable BlobEntry young(BlobId id) {
        Layers present = layers;
        BlobEntry entry = present.current().blobs().get(id);
        Checkpoint frozen = present.frozen();
        return entry == null && frozen != null ? frozen.layer().blobs().get(id) : entry;
    }

    private void put(BlobId id, BlobEntry entry) {
        layers.current().blobs().put(id, entry);
    }

    /** How many changes are not on the disk, nor on the way there. */
    int youngCount() {
        return layers.current().size();
    }

    /** Whether there is an index on the disk. */
    boolean isPersisted() {
        return persisted != null;
    }

    /**
     * Sets all changes aside for a commit, unless some are already. Everything that they say must have been forced.
     *
     * @param state how far the index goes with them, or null to leave that
     * @return whether there is something to commit now
     */
    synchronized boolean freeze(@Nullable IndexState state) {
        Layers present = layers;
        if (persisted == null || present.frozen() != null) {
            return present.frozen() != null;
        }
        PersistedIndex.Counts counts = new PersistedIndex.Counts(storedPairs.get(), bundleCount.get());
        layers = new Layers(new IndexLayer(), new Checkpoint(present.current(), counts, numbers.state(), state));
        return true;
    }

    /**
     * Commits what was set aside. One thread at a time.
     *
     * @return whether there was anything
     * @throws IOException if it could not be committed; it is still set aside, and can be tried again
     */
    boolean commit() throws IOException {
        Checkpoint frozen = layers.frozen();
        if (persisted == null || frozen == null) {
            return false;
        }
        persisted.commit(frozen.layer(), frozen.counts(), frozen.numbers(), frozen.state());
        synchronized (this) {
            layers = new Layers(layers.current(), null);
        }
        return true;
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
        BlobEntry entry = young(id);
        if (entry == null) {
            return persisted != null && persisted.lookUp(id, pairIndex, axis, place);
        }
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
        BlobEntry before = blob(id);
        if (after.equals(before)) {
            // So it is with most of what is read again at an opening: it is on the disk already.
            return;
        }
        long wholeBefore = wholePairs(before);
        put(id, after);
        pairs.addAndGet(wholePairs(after) - wholeBefore);
        storedPairs.addAndGet(storedPairs(after) - storedPairs(before));
    }

    private static long storedPairs(BlobEntry entry) {
        return entry.metadata() == null
                ? 0
                : entry.pairs().stream()
                        .filter(slot -> slot.primary() != null && slot.secondary() != null)
                        .count();
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
        change(id, blob(id).withSignedExpiry(expiryEpoch));
    }

    /**
     * Forgets a blob.
     *
     * @param id the blob
     */
    synchronized void remove(BlobId id) {
        change(id, BlobEntry.EMPTY);
        if (persisted == null) {
            layers.current().blobs().remove(id);
        }
    }

    /**
     * Notes that a certificate was copied.
     *
     * @param id one of its blobs
     * @param from where it was
     * @param to where it is now
     */
    synchronized void moveCertificate(BlobId id, RecordPlace from, RecordPlace to) {
        BlobEntry present = blob(id);
        CertificateSlot slot = present.certificate();
        if (slot != null && slot.place().equals(from)) {
            put(id, present.withCertificate(
                    new CertificateSlot(to, slot.bundle(), slot.index(), slot.expiryEpoch())));
        }
    }

    /** Forgets a bundle whose certificate is not held any more. */
    synchronized void removeBundle(BundleKey bundle) {
        if (hasBundle(bundle)) {
            layers.current().bundles().put(bundle, false);
            bundleCount.decrementAndGet();
            if (persisted == null) {
                layers.current().bundles().remove(bundle);
            }
        }
    }

    boolean hasBundle(BundleKey bundle) {
        Layers present = layers;
        Boolean held = present.current().bundles().get(bundle);
        Checkpoint frozen = present.frozen();
        if (held == null && frozen != null) {
            held = frozen.layer().bundles().get(bundle);
        }
        return held == null ? persisted != null && persisted.hasBundle(bundle) : held;
    }

    /** Notes that a bundle's certificate is held; its entries are to be put one by one. */
    synchronized void putBundle(BundleKey bundle) {
        if (!hasBundle(bundle)) {
            layers.current().bundles().put(bundle, true);
            bundleCount.incrementAndGet();
        }
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
            change(id, present.withCertificate(slot));
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
            put(id, present.withoutCertificate());
        }
        boolean isNews = hasBundle(damaged.bundle());
        removeBundle(damaged.bundle());
        return isNews;
    }

    /** How certificates are numbered. */
    FeedNumbers numbers() {
        return numbers;
    }

    /** The certificate of a number, or null if it is not held. */
    @Nullable FeedSlot feedSlot(long number) {
        Layers present = layers;
        FeedSlot slot = present.current().feed().get(number);
        Checkpoint frozen = present.frozen();
        if (slot == null && frozen != null) {
            slot = frozen.layer().feed().get(number);
        }
        if (slot == null && persisted != null) {
            slot = persisted.feedSlot(number);
        }
        return FeedSlot.GONE.equals(slot) ? null : slot;
    }

    /** Notes where the certificate of a number is. */
    synchronized void putFeedSlot(long number, FeedSlot slot) {
        numbers.onTaken(number);
        if (!slot.equals(feedSlot(number))) {
            layers.current().feed().put(number, slot);
        }
    }

    /** Forgets the certificate of a number, if it is still at a place. */
    synchronized void removeFeedSlot(long number, RecordPlace place) {
        FeedSlot slot = feedSlot(number);
        if (slot != null && slot.place().equals(place)) {
            layers.current().feed().put(number, FeedSlot.GONE);
            if (persisted == null) {
                layers.current().feed().remove(number);
            }
        }
    }

    /** Sliver pairs, those with a damaged sliver not counted. */
    long pairCount() {
        return pairs.get();
    }

    /**
     * Closes the index on the disk. Nobody adds any more; who looks up gets an {@link IllegalStateException}.
     *
     * @param clean whether all changes were committed
     */
    void close(boolean clean) {
        if (persisted != null) {
            persisted.close(clean);
        }
    }

    /** Certificates. */
    long certificateCount() {
        return bundleCount.get();
    }
}
