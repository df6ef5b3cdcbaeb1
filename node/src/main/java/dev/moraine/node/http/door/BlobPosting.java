package dev.moraine.node.http.door;

import dev.moraine.ingest.disperse.BatchFailure;
import dev.moraine.ingest.disperse.CompletionHandler;
import dev.moraine.ingest.pipeline.Admission;
import dev.moraine.node.gateway.Gateway;
import dev.moraine.node.http.HttpProblem;
import dev.moraine.node.http.HttpProblemException;
import dev.moraine.node.http.HttpRequest;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.EpochSchedule;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.agrona.concurrent.EpochClock;

/** Hands the bodies of requests to the write path. Thread-safe. */
final class BlobPosting {
    private final Gateway gateway;
    private final Committee committee;
    private final EpochClock clock;
    private final long maxBlobBytes;

    /**
     * A way into a gateway.
     *
     * @param gateway the gateway
     * @param committee its committee
     * @param clock tells the epoch
     * @param maxBlobBytes longest batch, named in refusals
     */
    BlobPosting(Gateway gateway, Committee committee, EpochClock clock, long maxBlobBytes) {
        this.gateway = gateway;
        this.committee = committee;
        this.clock = clock;
        this.maxBlobBytes = maxBlobBytes;
    }

    /** {@return the current epoch, or {@link EpochSchedule#BEFORE_GENESIS}} */
    long epoch() {
        return committee.epochs().epochAt(clock.time());
    }

    /**
     * When a batch expires that is kept for some epochs after the current one.
     *
     * @param retainEpochs how many
     * @return the last epoch
     * @throws HttpProblemException if the deployment has not begun
     */
    long expiryAfter(long retainEpochs) throws HttpProblemException {
        long epoch = epoch();
        if (epoch == EpochSchedule.BEFORE_GENESIS) {
            throw Problems.unavailable("the deployment begins at unix time " + committee.genesisTimeSeconds())
                    .toException();
        }
        return epoch + retainEpochs;
    }

    /**
     * Posts a request's body. The body's memory is free again when this returns.
     *
     * @param request holds the batch
     * @param namespace whose batch it is
     * @param expiryEpoch the last epoch in which it is kept
     * @param onCertified takes the certificate, on the write path's thread
     * @param onFailed takes why there is none, on the write path's thread
     * @throws HttpProblemException if the batch is not accepted
     */
    void post(
            HttpRequest request,
            Namespace namespace,
            long expiryEpoch,
            Consumer<BlobCertificate> onCertified,
            Consumer<HttpProblem> onFailed)
            throws HttpProblemException {
        long lengthBytes = request.body().byteSize();
        Admission admission = gateway.submit(request.body(), namespace, expiryEpoch, new CompletionHandler() {
            @Override
            public void onCertified(BlobCertificate certificate) {
                onCertified.accept(certificate);
            }

            @Override
            public void onFailed(BatchFailure failure) {
                onFailed.accept(Problems.of(failure));
            }
        });
        if (!admission.isAccepted()) {
            throw Problems.of(admission, lengthBytes, maxBlobBytes).toException();
        }
        request.releaseBody();
    }

    /**
     * Posts a request's body and waits: the write path answers every batch within its own time-outs.
     *
     * @param request holds the batch
     * @param namespace whose batch it is
     * @param expiryEpoch the last epoch in which it is kept
     * @return the certificate
     * @throws HttpProblemException if there is none
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    BlobCertificate postAndWait(HttpRequest request, Namespace namespace, long expiryEpoch)
            throws HttpProblemException, InterruptedException {
        CompletableFuture<BlobCertificate> certificate = new CompletableFuture<>();
        post(request, namespace, expiryEpoch, certificate::complete, problem ->
                certificate.completeExceptionally(problem.toException()));
        try {
            return certificate.get();
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof HttpProblemException problem) {
                throw problem;
            }
            throw new IllegalStateException("only problems are completed with", e);
        }
    }
}
