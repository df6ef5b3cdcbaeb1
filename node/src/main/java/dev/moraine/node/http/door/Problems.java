package dev.moraine.node.http.door;

import dev.moraine.ingest.disperse.BatchFailure;
import dev.moraine.ingest.pipeline.Admission;
import dev.moraine.node.http.HttpProblem;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.wire.message.RefusalReason;
import java.util.concurrent.TimeUnit;

/**
 * What the write path says, in HTTP. 429 asks the client to slow down; 503 says that the service cannot do it now,
 * whatever this client does.
 */
final class Problems {
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int TOO_LARGE = 413;
    private static final int TOO_MANY = 429;
    private static final int INTERNAL = 500;
    private static final int UNAVAILABLE = 503;
    private static final int QUOTA_RETRY_SECONDS = 5;

    private Problems() {}

    /**
     * Why a batch was not accepted.
     *
     * @param admission an answer that is no acceptance
     * @param lengthBytes the batch's length
     * @param maxBlobBytes the longest batch
     * @return the problem
     */
    static HttpProblem of(Admission admission, long lengthBytes, long maxBlobBytes) {
        return switch (admission.verdict()) {
            case EMPTY -> HttpProblem.ofField(BAD_REQUEST, "EMPTY", "body", "0 bytes", "at least 1 byte");
            case TOO_LARGE -> HttpProblem.ofField(
                    TOO_LARGE, "BODY_TOO_LARGE", "body", lengthBytes + " bytes", "at most " + maxBlobBytes + " bytes");
            case EXPIRY_OUT_OF_RANGE -> HttpProblem.of(
                    BAD_REQUEST, "EXPIRY_OUT_OF_RANGE", "the last epoch is over, or beyond the retention limit");
            case OVER_CAPACITY -> HttpProblem.of(TOO_MANY, "OVER_CAPACITY", "the gateway has no room for this batch now")
                    .retryAfter((int) Math.max(1, TimeUnit.MILLISECONDS.toSeconds(admission.retryDelayMs())));
            default -> HttpProblem.of(
                            UNAVAILABLE, admission.verdict().name(), "the gateway takes no batches: " + admission.verdict())
                    .retryAfter(1);
        };
    }

    /**
     * Why an accepted batch got no certificate.
     *
     * @param failure what the write path says
     * @return the problem
     */
    static HttpProblem of(BatchFailure failure) {
        RefusalReason refusal = failure.refusal();
        if (refusal != null) {
            return refused(refusal, failure.detail());
        }
        return switch (failure.reason()) {
            case EXPIRED -> HttpProblem.of(BAD_REQUEST, "EXPIRED", failure.detail());
            case INTERNAL -> HttpProblem.of(INTERNAL, "INTERNAL", "the gateway failed; its log says how");
            default -> HttpProblem.of(UNAVAILABLE, failure.reason().name(), failure.detail()).retryAfter(1);
        };
    }

    private static HttpProblem refused(RefusalReason refusal, String detail) {
        String message = "the storage nodes refuse the batch: " + detail;
        return switch (refusal) {
            case NAMESPACE_NOT_GRANTED -> HttpProblem.of(FORBIDDEN, refusal.name(), message);
            case OVER_QUOTA -> HttpProblem.of(TOO_MANY, refusal.name(), message).retryAfter(QUOTA_RETRY_SECONDS);
            case WRONG_EXPIRY -> HttpProblem.of(BAD_REQUEST, refusal.name(), message);
            default -> HttpProblem.of(INTERNAL, refusal.name(), message);
        };
    }

    /**
     * There is no such blob.
     *
     * @param id the blob
     * @return the problem
     */
    static HttpProblem noSuchBlob(BlobId id) {
        return HttpProblem.ofField(NOT_FOUND, "NOT_FOUND", "id", id, "a blob that is stored and has not expired");
    }

    /**
     * Something cannot be had now, which says nothing about whether there is such a thing.
     *
     * @param missing what is missing
     * @return the problem
     */
    static HttpProblem unavailable(String missing) {
        return HttpProblem.of(UNAVAILABLE, "UNAVAILABLE", missing).retryAfter(1);
    }

    /** {@return the work was cut off because the process ends} */
    static HttpProblem closing() {
        return HttpProblem.of(UNAVAILABLE, "CLOSING", "the gateway is being closed").retryAfter(1);
    }
}
