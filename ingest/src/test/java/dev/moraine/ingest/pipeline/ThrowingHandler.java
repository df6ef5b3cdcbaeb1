package dev.moraine.ingest.pipeline;

import dev.moraine.ingest.disperse.BatchFailure;
import dev.moraine.ingest.disperse.CompletionHandler;
import dev.moraine.proofs.certificate.BlobCertificate;

/** A completion handler with a fault. */
final class ThrowingHandler implements CompletionHandler {
    @Override
    public void onCertified(BlobCertificate certificate) {
        throw new IllegalStateException("on purpose");
    }

    @Override
    public void onFailed(BatchFailure failure) {
        throw new IllegalStateException("on purpose");
    }
}
