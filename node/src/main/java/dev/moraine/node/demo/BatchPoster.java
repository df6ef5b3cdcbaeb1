package dev.moraine.node.demo;

import dev.moraine.ingest.disperse.BatchFailure;
import dev.moraine.ingest.disperse.CompletionHandler;
import dev.moraine.ingest.pipeline.Admission;
import dev.moraine.node.gateway.Gateway;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.committee.Committee;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Posts batches one at a time and waits for their certificates. */
final class BatchPoster {
    private static final long RETENTION_EPOCHS = 2;
    private static final Namespace NAMESPACE = Namespace.of(
            Arrays.copyOf("moraine demo".getBytes(StandardCharsets.US_ASCII), Namespace.BYTES));

    private final Gateway gateway;
    private final Committee committee;
    private final Duration timeout;

    /**
     * Prepares to post.
     *
     * @param gateway takes the batches
     * @param committee whose epochs count
     * @param timeout how long one batch may take
     */
    BatchPoster(Gateway gateway, Committee committee, Duration timeout) {
        this.gateway = gateway;
        this.committee = committee;
        this.timeout = timeout;
    }

    /**
     * Posts a batch.
     *
     * @param batch what to post
     * @return its certificate
     * @throws DemoException if it is refused, fails, or takes too long
     * @throws InterruptedException if the thread is interrupted
     */
    BlobCertificate post(DemoBatch batch) throws DemoException, InterruptedException {
        long expiryEpoch = committee.epochs().epochAt(System.currentTimeMillis()) + RETENTION_EPOCHS;
        CompletableFuture<BlobCertificate> certificate = new CompletableFuture<>();
        AtomicReference<@Nullable BatchFailure> failed = new AtomicReference<>();
        Admission admission = gateway.submit(batch.content(), NAMESPACE, expiryEpoch, new CompletionHandler() {
            @Override
            public void onCertified(BlobCertificate certified) {
                certificate.complete(certified);
            }

            @Override
            public void onFailed(BatchFailure failure) {
                failed.set(failure);
                certificate.cancel(false);
            }
        });
        if (!admission.isAccepted()) {
            throw new DemoException("the gateway refuses " + batch.name() + ": " + admission.verdict());
        }
        try {
            return certificate.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new DemoException(batch.name() + " got no certificate within " + timeout.toSeconds() + " s", e);
        } catch (CancellationException | ExecutionException e) {
            throw new DemoException(batch.name() + " got no certificate: " + failed.get(), e);
        }
    }
}
