package dev.moraine.ingest.disperse;

/** Where a node stands with one bundle. */
enum NodeOutcome {
    /** It may still sign. */
    PENDING,
    /** It sent a signature; whether it is a good one shows at the quorum. */
    SIGNED,
    /** What it sent as a signature is none. */
    BAD_SIGNATURE,
    /** It refused entries, and so signs nothing for this bundle. */
    REFUSED,
    /** It had no room, and would have none before the deadline. */
    BUSY,
    /** It answered with a failure. */
    FAILED,
    /** It answered something that does not fit the protocol. */
    VIOLATION,
    /** It did not answer in time. */
    TIMED_OUT,
    /** The connection could not be had, or was lost. */
    DISCONNECTED,
    /** It was not asked, because it failed lately. */
    SKIPPED,
    /** It owes so many answers that this bundle gave up on it after the quorum; what it lacks it repairs. */
    DROPPED,
    /** The bundle ended before it answered. */
    NOT_NEEDED;

    /** {@return whether the node is to be counted out, whatever the bundle holds} */
    boolean isFailure() {
        return switch (this) {
            case PENDING, SIGNED, REFUSED, NOT_NEEDED -> false;
            case BAD_SIGNATURE, BUSY, FAILED, VIOLATION, TIMED_OUT, DISCONNECTED, SKIPPED, DROPPED -> true;
        };
    }

    /** {@return whether the node is to be kept out of new bundles for a while} */
    boolean isFault() {
        return switch (this) {
            case BAD_SIGNATURE, FAILED, VIOLATION, TIMED_OUT, DISCONNECTED -> true;
            case PENDING, SIGNED, REFUSED, NOT_NEEDED, BUSY, SKIPPED, DROPPED -> false;
        };
    }

    /** {@return whether it is worth asking the node again, if there is no quorum without it} */
    boolean isRevivable() {
        return this == DISCONNECTED || this == SKIPPED;
    }
}
