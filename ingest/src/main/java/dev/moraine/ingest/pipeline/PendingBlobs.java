package dev.moraine.ingest.pipeline;

import dev.moraine.ingest.disperse.BatchFailure;
import dev.moraine.ingest.disperse.CompletionHandler;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The blobs of encoded batches that have no answer yet; as many as there may be such batches. Thread-safe. */
final class PendingBlobs {
    private final Map<BlobId, Integer> batchesByBlob = new ConcurrentHashMap<>();

    /**
     * Notes a batch until it is answered.
     *
     * @param id its blob
     * @param handler who gets the answer
     * @return the same, to be answered in its place
     */
    CompletionHandler add(BlobId id, CompletionHandler handler) {
        batchesByBlob.merge(id, 1, Integer::sum);
        return new Completion(this, id, handler);
    }

    /**
     * Looks a blob up.
     *
     * @param id the blob
     * @return whether a batch of it has no answer yet
     */
    boolean contains(BlobId id) {
        return batchesByBlob.containsKey(id);
    }

    private void remove(BlobId id) {
        batchesByBlob.computeIfPresent(id, (blob, batches) -> batches == 1 ? null : batches - 1);
    }

    /** Whoever hears the answer finds the blob where it belongs then. */
    private record Completion(PendingBlobs pending, BlobId id, CompletionHandler handler) implements CompletionHandler {
        @Override
        public void onCertified(BlobCertificate certificate) {
            pending.remove(id);
            handler.onCertified(certificate);
        }

        @Override
        public void onFailed(BatchFailure failure) {
            pending.remove(id);
            handler.onFailed(failure);
        }
    }
}
