package dev.moraine.sampling.audit;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.AvailabilityVerdict.Outcome;
import java.time.Duration;
import java.util.Optional;

/** Reads a whole blob, in order to say how it is encoded. Thread-safe. */
@FunctionalInterface
public interface WholeReads {
    /**
     * What a read found.
     *
     * @param outcome WHOLE or WRONG; empty if the blob is unavailable, too long, or for any other reason neither
     * @param bytes how much was read, for the budget
     */
    record Found(Optional<Outcome> outcome, long bytes) {}

    /**
     * Reads a blob. Blocks.
     *
     * @param blobId the blob
     * @param timeout how long to wait for others
     * @return what was found
     * @throws InterruptedException if the thread is interrupted
     */
    Found read(BlobId blobId, Duration timeout) throws InterruptedException;
}
