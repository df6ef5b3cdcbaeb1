package dev.moraine.ingest.pipeline;

import dev.moraine.ingest.disperse.CompletionHandler;
import dev.moraine.ingest.disperse.EncodedBatch;
import dev.moraine.proofs.certificate.Namespace;
import org.jspecify.annotations.Nullable;

/**
 * A place of the ring. It is filled by the submitter, worked on by one encoder, and emptied by the dispersal; the
 * sequences of the ring hand it from one to the next.
 */
final class BatchSlot {
    /** What was submitted; null in an empty slot. */
    @Nullable Work work;

    /** The result of the encoder; null before, and if it failed. */
    @Nullable EncodedBatch encoded;

    /** Why the encoder failed; null if it did not. */
    @Nullable Throwable fault;

    /** Forgets everything, so that the slot does not keep garbage alive. */
    void clear() {
        work = null;
        encoded = null;
        fault = null;
    }

    /**
     * A submitted batch.
     *
     * @param lease its memory, with the blob at its place
     * @param lengthBytes the blob's length
     * @param namespace whose batch it is
     * @param expiryEpoch the last epoch in which it is kept
     * @param handler who gets the answer
     */
    record Work(
            BatchMemory.Lease lease,
            long lengthBytes,
            Namespace namespace,
            long expiryEpoch,
            CompletionHandler handler) {}
}
