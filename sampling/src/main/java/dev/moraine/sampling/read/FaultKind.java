package dev.moraine.sampling.read;

/** How a member failed a reader. */
public enum FaultKind {
    /** Nothing came, or not enough of it, before the reader stopped waiting. */
    NO_ANSWER(false),
    /** The connection could not be had, or was lost in the middle of an answer. */
    DISCONNECTED(false),
    /** The member asked to be left alone for a while, until there was no while left. */
    BUSY(false),
    /** The member says that it does not hold what was asked for: never had it, let it expire, or found it damaged. */
    NOT_HELD(false),
    /** The member refused the request for another reason. */
    REFUSED(false),
    /** The answer does not answer the request: wrong type, length, order or coordinates. */
    MALFORMED(true),
    /** The metadata does not hash to the blob id, or is not valid in this deployment. */
    WRONG_METADATA(true),
    /** The certificate is not valid, or is one of another blob. */
    WRONG_CERTIFICATE(true),
    /** The sliver's recomputed root is not the one in the metadata. */
    WRONG_SLIVER(true),
    /** The proof does not lead to the blob id. */
    WRONG_PROOF(true),
    /** The verdict is not signed by the member. */
    WRONG_VERDICT(true);

    private final boolean lie;

    FaultKind(boolean lie) {
        this.lie = lie;
    }

    /**
     * Whether a member that works and follows the protocol cannot have done this.
     *
     * @return true for answers that were wrong, false for answers that were missing
     */
    public boolean isLie() {
        return lie;
    }
}
