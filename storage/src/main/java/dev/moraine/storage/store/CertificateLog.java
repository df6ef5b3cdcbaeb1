package dev.moraine.storage.store;

import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.certificate.Statement;
import dev.moraine.storage.segment.Segment;
import dev.moraine.storage.segment.SegmentTable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The certificates that a store holds, blob by blob, in the order in which it kept them. A cursor is a place in that
 * order: {@code number of the certificate · 4096 + index of the entry}. Restarts and compaction leave every cursor as it
 * is. When numbers may have been lost, with the index or with damaged records, the order gets another {@link #feedId()},
 * and whoever remembers a cursor begins at 0 again.
 *
 * <p>Only what survives a power cut is shown, so that no cursor ever stands for two things.
 *
 * <p>Thread-safe; nobody waits for the writer.
 */
public final class CertificateLog {
    private static final Logger LOG = System.getLogger(SliverStore.class.getName());

    /** Most certificates that are read for one batch. */
    private static final int MAX_READS = 256;

    /** Most numbers that are looked up for one batch. */
    private static final int MAX_LOOKUPS = 1 << 14;

    private final SegmentTable segments;
    private final SliverIndex index;
    private final SliverReader reader;

    /**
     * Some of the certificates.
     *
     * @param certificates in order; may be empty although more follow
     * @param nextCursor where the next batch begins
     */
    public record Batch(List<BlobCertificate> certificates, long nextCursor) {}

    /**
     * Reads what an index knows.
     *
     * @param segments where the records are
     * @param index knows the numbers
     * @param reader is told of damage
     */
    CertificateLog(SegmentTable segments, SliverIndex index, SliverReader reader) {
        this.segments = segments;
        this.index = index;
        this.reader = reader;
    }

    /**
     * Which order this is.
     *
     * @return a number above 0, which changes when cursors lose their meaning
     */
    public long feedId() {
        return index.numbers().feedId();
    }

    /**
     * The cursor behind all that can be shown now. Costs nothing.
     *
     * @return grows with every certificate that has become durable
     */
    public long end() {
        return index.numbers().end() * Bundle.MAX_ENTRIES;
    }

    /**
     * Whether a certificate over a statement is held, whoever signed it.
     *
     * @param statement the statement
     * @return whether it is, as far as is known without reading it
     * @throws IllegalStateException if the store is closed
     */
    public boolean holds(Statement statement) {
        reader.checkOpen();
        return index.hasBundle(BundleKey.of(statement));
    }

    /**
     * Reads on from a cursor. A batch ends early rather than to take long.
     *
     * @param cursor where to begin, at least 0
     * @param namespaces whose certificates are wanted; empty for all
     * @param maxCertificates most of them, at least 1
     * @return what there is, possibly nothing; the cursor has moved on unless it is at the {@link #end()}
     * @throws IllegalArgumentException if the cursor or the count is out of range
     * @throws IllegalStateException if the store is closed
     */
    public Batch read(long cursor, Set<Namespace> namespaces, int maxCertificates) {
        if (cursor < 0 || maxCertificates < 1) {
            throw new IllegalArgumentException("cursor must be at least 0 and maxCertificates at least 1, but are "
                    + cursor + " and " + maxCertificates);
        }
        reader.checkOpen();
        FeedNumbers numbers = index.numbers();
        long end = numbers.end();
        long wanted = namespaces.isEmpty() ? FeedSlot.ANY_NAMESPACE : FeedSlot.bitsOf(namespaces);
        List<BlobCertificate> found = new ArrayList<>();
        long number = cursor / Bundle.MAX_ENTRIES;
        int entry = (int) (cursor % Bundle.MAX_ENTRIES);
        boolean hasOnlyGaps = number <= numbers.first();
        if (number < numbers.first()) {
            number = numbers.first();
            entry = 0;
        }
        int reads = 0;
        for (int lookups = 0; lookups < MAX_LOOKUPS && number < end && found.size() < maxCertificates; lookups++) {
            FeedSlot slot = index.feedSlot(number);
            if (slot != null) {
                hasOnlyGaps = false;
                if ((slot.namespaces() & wanted) != 0 && entry < slot.count()) {
                    if (reads == MAX_READS) {
                        break;
                    }
                    reads++;
                    entry = collect(number, slot, entry, namespaces, maxCertificates - found.size(), found);
                    if (entry < slot.count()) {
                        break;
                    }
                }
            }
            number++;
            entry = 0;
            if (hasOnlyGaps) {
                numbers.onGoneBefore(number);
            }
        }
        return number < end
                ? new Batch(found, number * Bundle.MAX_ENTRIES + entry)
                : new Batch(found, end * Bundle.MAX_ENTRIES);
    }

    /** Gives the first entry that was not looked at. */
    private int collect(
            long number, FeedSlot slot, int entry, Set<Namespace> namespaces, int maxCount, List<BlobCertificate> found) {
        CertificateRecord record = read(slot.place());
        if (record == null) {
            // It may have been copied to another place a moment ago.
            FeedSlot moved = index.feedSlot(number);
            record = moved == null || moved.equals(slot) ? null : read(moved.place());
        }
        return record == null
                ? slot.count()
                : record.collect(
                        entry,
                        one -> namespaces.isEmpty() || namespaces.contains(one.namespace()),
                        maxCount,
                        found);
    }

    private @Nullable CertificateRecord read(RecordPlace place) {
        Segment segment = segments.pin(place.segmentId());
        if (segment == null) {
            return null;
        }
        try {
            if (segment.isDamaged(place.offset())) {
                return null;
            }
            CertificateRecord record = CertificateRecord.read(segment, place);
            if (record == null) {
                reader.noteDamagedCertificate(place);
            }
            return record;
        } catch (IOException e) {
            // A store that is closed while others read has lost nothing.
            reader.checkOpen();
            LOG.log(Level.WARNING, "a certificate of " + segment.path() + " cannot be read", e);
            return null;
        } finally {
            segment.unpin();
        }
    }
}
