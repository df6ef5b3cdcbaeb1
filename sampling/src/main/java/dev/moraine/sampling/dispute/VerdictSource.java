package dev.moraine.sampling.dispute;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.SignedVerdict;
import dev.moraine.sampling.read.Answer;
import dev.moraine.sampling.read.Deadline;

/** Whom to ask for the verdict on a blob (protocol, section 6). */
public interface VerdictSource {
    /**
     * Gets a verdict, waiting for the nodes to read the blob.
     *
     * @param blobId the blob
     * @param deadline when to stop waiting
     * @return a verdict of enough weight, or none, and who failed
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    Answer<SignedVerdict> verdict(BlobId blobId, Deadline deadline) throws InterruptedException;
}
