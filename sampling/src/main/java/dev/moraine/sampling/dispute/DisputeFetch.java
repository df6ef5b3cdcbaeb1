package dev.moraine.sampling.dispute;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.AvailabilityVerdict.Outcome;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.proofs.certificate.SignedVerdict;
import dev.moraine.proofs.proof.ByteRangeProof;
import dev.moraine.sampling.read.Answer;
import dev.moraine.sampling.read.BlameReport;
import dev.moraine.sampling.read.Deadline;
import dev.moraine.sampling.read.RangeResult;
import dev.moraine.sampling.read.SharedReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Fetches what a verifier demands before it relies on bytes of a blob (protocol, section 9): the chunks that cover them
 * with their proofs, the certificate, and a verdict of weight f + 1. The three are fetched side by side, each from whoever
 * answers, so that up to f nodes may be down or lie.
 *
 * <p>Calls block the calling thread, which may be a virtual one. Thread-safe.
 */
public final class DisputeFetch {
    private final SharedReader reader;
    private final VerdictSource verdicts;

    /**
     * Fetches through a reader.
     *
     * @param reader reads ranges, and learns the verdicts
     * @param verdicts whom to ask for verdicts
     */
    public DisputeFetch(SharedReader reader, VerdictSource verdicts) {
        this.reader = reader;
        this.verdicts = verdicts;
    }

    /**
     * Fetches the evidence for a range.
     *
     * @param blobId the blob
     * @param offset first byte of the range, from 0
     * @param lengthBytes bytes of the range, from 1 to the reader's limit
     * @param deadline when to stop waiting for answers
     * @return all of it, or what is missing
     * @throws IllegalArgumentException if the range is empty, longer than the limit, or ends beyond the blob
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public DisputeResult fetch(BlobId blobId, long offset, int lengthBytes, Deadline deadline)
            throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer<BlobCertificate>> certificate =
                    threads.submit(() -> reader.committee().certificate(blobId, deadline));
            Future<Answer<SignedVerdict>> verdict = threads.submit(() -> verdicts.verdict(blobId, deadline));
            Callable<RangeResult> readRange = () -> reader.range(blobId, offset, lengthBytes, deadline);
            Future<RangeResult> range = threads.submit(readRange);
            try {
                return conclude(blobId, certificate, verdict, range);
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private DisputeResult conclude(
            BlobId blobId,
            Future<Answer<BlobCertificate>> certificate,
            Future<Answer<SignedVerdict>> verdict,
            Future<RangeResult> range)
            throws InterruptedException {
        // A range out of bounds ends the fetch before the nodes have read the blob.
        RangeResult foundRange = result(range);
        Answer<BlobCertificate> foundCertificate = result(certificate);
        Answer<SignedVerdict> foundVerdict = result(verdict);
        BlameReport blame = foundRange.blame().and(foundCertificate.blame()).and(foundVerdict.blame());
        List<String> missing = new ArrayList<>();
        if (foundCertificate.value().isEmpty()) {
            missing.add("the certificate");
        }
        SignedVerdict binding = binding(blobId, foundVerdict.value()).orElse(null);
        if (binding == null) {
            missing.add("a verdict of enough weight");
        } else if (binding.verdict().outcome() == Outcome.WRONG && missing.isEmpty()) {
            return new DisputeResult.CountsAsEmpty(
                    foundCertificate.value().orElseThrow(), binding, blame);
        }
        ByteRangeProof proof = foundRange instanceof RangeResult.Proved proved ? proved.proof() : null;
        if (proof == null) {
            missing.add("the range");
        }
        if (proof == null || binding == null || foundCertificate.value().isEmpty()) {
            return new DisputeResult.Incomplete(missing, blame);
        }
        return new DisputeResult.Evidence(foundCertificate.value().get(), proof, binding, blame);
    }

    /** A verdict about another blob, or of too little weight, is none, wherever it comes from. */
    private Optional<SignedVerdict> binding(BlobId blobId, Optional<SignedVerdict> found) {
        return found.filter(each -> each.verdict().blobId().equals(blobId)
                && reader.accept(each) == CertificateVerdict.ACCEPT);
    }

    private static <T> T result(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IllegalArgumentException outOfRange) {
                throw new IllegalArgumentException(outOfRange.getMessage(), outOfRange);
            }
            throw new IllegalStateException("a fetch failed in an unexpected way", e.getCause());
        }
    }
}
