package dev.moraine.ingest.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.fail;

import dev.moraine.ingest.disperse.BatchFailure;
import dev.moraine.ingest.disperse.CompletionHandler;
import dev.moraine.proofs.certificate.BlobCertificate;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A completion handler that waits for its one answer. */
final class Gatherer implements CompletionHandler {
    private static final int PATIENCE_SECONDS = 20;

    private final CountDownLatch answered = new CountDownLatch(1);
    private final Queue<Object> answers = new ConcurrentLinkedQueue<>();

    @Override
    public void onCertified(BlobCertificate certificate) {
        answers.add(certificate);
        answered.countDown();
    }

    @Override
    public void onFailed(BatchFailure failure) {
        answers.add(failure);
        answered.countDown();
    }

    /** The certificate; fails the test if there is none. */
    BlobCertificate certificate() {
        Object answer = answer();
        if (answer instanceof BlobCertificate certificate) {
            return certificate;
        }
        return fail("no certificate, but " + answer);
    }

    /** The failure; fails the test if there is none. */
    BatchFailure failure() {
        Object answer = answer();
        if (answer instanceof BatchFailure failure) {
            return failure;
        }
        return fail("no failure, but " + answer);
    }

    /** Waits for the answer. */
    Object answer() {
        try {
            if (!answered.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                fail("no answer in " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertEquals(1, answers.size(), "answers");
        @Nullable Object answer = answers.peek();
        assertNotNull(answer);
        return answer;
    }

    /** How many answers there are now. */
    int answers() {
        return answers.size();
    }
}
