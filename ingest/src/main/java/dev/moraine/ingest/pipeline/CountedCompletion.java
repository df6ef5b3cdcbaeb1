package dev.moraine.ingest.pipeline;

import dev.moraine.ingest.disperse.BatchFailure;
import dev.moraine.ingest.disperse.CompletionHandler;
import dev.moraine.ingest.disperse.IngestCounters;
import dev.moraine.proofs.certificate.BlobCertificate;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts answers, and keeps what a completion handler throws away from the dispersal.
 *
 * @param handler who gets the answer
 * @param counters what is counted
 * @param unanswered how many accepted batches have no answer yet
 */
record CountedCompletion(CompletionHandler handler, IngestCounters counters, AtomicInteger unanswered)
        implements CompletionHandler {
    private static final System.Logger LOG = System.getLogger(IngestPipeline.class.getName());

    @Override
    public void onCertified(BlobCertificate certificate) {
        counters.countCertified();
        answer(() -> handler.onCertified(certificate));
    }

    @Override
    public void onFailed(BatchFailure failure) {
        counters.countFailed(failure.reason());
        answer(() -> handler.onFailed(failure));
    }

    private void answer(Runnable call) {
        try {
            call.run();
        } catch (Throwable fault) {
            LOG.log(System.Logger.Level.ERROR, "a completion handler failed", fault);
        } finally {
            unanswered.decrementAndGet();
        }
    }
}
