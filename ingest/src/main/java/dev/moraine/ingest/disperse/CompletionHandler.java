package dev.moraine.ingest.disperse;

import dev.moraine.proofs.certificate.BlobCertificate;

/**
 * Learns what became of an accepted batch: exactly one of the two methods is called, once, by the dispersal's thread.
 * An implementation returns quickly; what it throws is logged and changes nothing.
 */
public interface CompletionHandler {
    /**
     * The batch is available.
     *
     * @param certificate the proof of it, already verified
     */
    void onCertified(BlobCertificate certificate);

    /**
     * There is no certificate, and this gateway tries no further.
     *
     * @param failure why
     */
    void onFailed(BatchFailure failure);
}
