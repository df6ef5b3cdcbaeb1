package dev.moraine.ingest.disperse;

import dev.moraine.ingest.journal.CertificateJournal;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.BundleEntry;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The latest certificates by entry and by blob, so that a batch that is posted again gets the one that it already has.
 * Bounded: the oldest gives way. Where there is a journal, what gave way, and what is from before the start, is found
 * there.
 *
 * <p>Thread-safe.
 */
public final class CertificateCache {
    private final int limit;
    private final @Nullable CertificateJournal journal;
    private final LinkedHashMap<BundleEntry, BlobCertificate> certificates = new LinkedHashMap<>();
    private final Map<BlobId, BlobCertificate> longestLiving = new HashMap<>();

    /**
     * Starts empty.
     *
     * @param limit most certificates in memory, at least 0
     * @param journal where all of them are, if there is one
     */
    public CertificateCache(int limit, @Nullable CertificateJournal journal) {
        this.limit = limit;
        this.journal = journal;
    }

    /**
     * Keeps a certificate.
     *
     * @param certificate of the entry that it names
     */
    synchronized void put(BlobCertificate certificate) {
        certificates.putLast(certificate.entry(), certificate);
        longestLiving.merge(certificate.entry().blobId(), certificate, CertificateCache::longerLiving);
        if (certificates.size() > limit) {
            Iterator<Map.Entry<BundleEntry, BlobCertificate>> oldest = certificates.entrySet().iterator();
            BlobCertificate removed = oldest.next().getValue();
            oldest.remove();
            longestLiving.remove(removed.entry().blobId(), removed);
        }
    }

    private static BlobCertificate longerLiving(BlobCertificate one, BlobCertificate other) {
        return one.entry().expiryEpoch() > other.entry().expiryEpoch() ? one : other;
    }

    /**
     * Finds the certificate of an entry that has not expired.
     *
     * @param entry blob, namespace, length and expiry, which all have to be the same
     * @param epoch the current epoch
     * @return the certificate, or null
     */
    @Nullable BlobCertificate find(BundleEntry entry, long epoch) {
        if (entry.expiryEpoch() < epoch) {
            return null;
        }
        BlobCertificate cached;
        synchronized (this) {
            cached = certificates.get(entry);
        }
        return cached != null || journal == null ? cached : journal.find(entry);
    }

    /**
     * Finds the certificate of a blob that lives longest.
     *
     * @param id the blob
     * @param epoch the current epoch
     * @return the certificate, or null if there is none that has not expired
     */
    public @Nullable BlobCertificate find(BlobId id, long epoch) {
        if (journal != null) {
            BlobCertificate kept = journal.find(id);
            if (kept != null) {
                return kept;
            }
        }
        synchronized (this) {
            BlobCertificate cached = longestLiving.get(id);
            return cached == null || cached.entry().expiryEpoch() < epoch ? null : cached;
        }
    }
}
