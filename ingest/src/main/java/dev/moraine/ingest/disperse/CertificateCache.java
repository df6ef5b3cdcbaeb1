package dev.moraine.ingest.disperse;

import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.BundleEntry;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The latest certificates by entry, so that a batch that is posted again gets the one that it already has. Bounded: the
 * oldest gives way.
 *
 * <p>Belongs to one thread.
 */
final class CertificateCache {
    private final int limit;
    private final LinkedHashMap<BundleEntry, BlobCertificate> certificates = new LinkedHashMap<>();

    /**
     * Starts empty.
     *
     * @param limit most certificates, at least 0
     */
    CertificateCache(int limit) {
        this.limit = limit;
    }

    /**
     * Keeps a certificate.
     *
     * @param certificate of the entry that it names
     */
    void put(BlobCertificate certificate) {
        certificates.putLast(certificate.entry(), certificate);
        if (certificates.size() > limit) {
            Iterator<Map.Entry<BundleEntry, BlobCertificate>> oldest = certificates.entrySet().iterator();
            oldest.next();
            oldest.remove();
        }
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
            certificates.remove(entry);
            return null;
        }
        return certificates.get(entry);
    }
}
