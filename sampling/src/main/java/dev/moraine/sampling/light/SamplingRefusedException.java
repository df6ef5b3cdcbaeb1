package dev.moraine.sampling.light;

import java.io.Serial;

/** There is nothing to sample, or not with this client. */
public final class SamplingRefusedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final Reason reason;

    SamplingRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /**
     * Why.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }

    /** Why a blob is not sampled. */
    public enum Reason {
        /** The certificate does not verify against the committee: nobody vouches for the blob. */
        INVALID_CERTIFICATE,
        /** The certificate's entry and the blob's header disagree about its length. */
        WRONG_LENGTH,
        /** Symbols of the blob are longer than the client accepts. */
        SYMBOLS_OVER_LIMIT
    }
}
