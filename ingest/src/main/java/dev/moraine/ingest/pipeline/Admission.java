package dev.moraine.ingest.pipeline;

/**
 * What a submission is answered with at once.
 *
 * @param verdict whether the batch was accepted, or why it was not
 * @param retryDelayMs when it is worth to try again, in milliseconds; 0 unless the gateway is over its capacity
 */
public record Admission(Verdict verdict, int retryDelayMs) {
    private static final int NO_RETRY = 0;

    /** The batch was accepted: its completion handler will be called. */
    static final Admission ACCEPTED = new Admission(Verdict.ACCEPTED, NO_RETRY);

    static final Admission EMPTY = new Admission(Verdict.EMPTY, NO_RETRY);
    static final Admission TOO_LARGE = new Admission(Verdict.TOO_LARGE, NO_RETRY);
    static final Admission EXPIRY_OUT_OF_RANGE = new Admission(Verdict.EXPIRY_OUT_OF_RANGE, NO_RETRY);
    static final Admission NOT_DURABLE = new Admission(Verdict.NOT_DURABLE, NO_RETRY);
    static final Admission CLOSED = new Admission(Verdict.CLOSED, NO_RETRY);

    /** {@return whether the batch was accepted, so that its completion handler will be called} */
    public boolean isAccepted() {
        return verdict == Verdict.ACCEPTED;
    }

    /** The kinds of answers. */
    public enum Verdict {
        /** The batch is on its way: its completion handler will be called exactly once. */
        ACCEPTED,
        /** A batch has at least one byte. */
        EMPTY,
        /** The batch is longer than this gateway takes. */
        TOO_LARGE,
        /** There is no room for the batch now. */
        OVER_CAPACITY,
        /** The last epoch is over, or beyond the deployment's retention limit. */
        EXPIRY_OUT_OF_RANGE,
        /** The journal is full or has failed, so that no certificate could be handed out. */
        NOT_DURABLE,
        /** The gateway is being closed. */
        CLOSED
    }
}
