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
    /** It had no room, twice. */
    BUSY,
    /** It answered with a failure. */
    FAILED,
    /** It answered something that does not fit the protocol. */
    VIOLATION,
    /** It did not answer in time. */
    TIMED_OUT,
    /** The connection could not be had, or was lost. */
    DISCONNECTED,
    /** The bundle ended before it answered. */
    NOT_NEEDED;

    /** {@return whether the node is to be counted out, whatever the bundle holds} */
    boolean isFailure() {
        return switch (this) {
            case PENDING, SIGNED, REFUSED, NOT_NEEDED -> false;
            case BAD_SIGNATURE, BUSY, FAILED, VIOLATION, TIMED_OUT, DISCONNECTED -> true;
        };
    }
}
