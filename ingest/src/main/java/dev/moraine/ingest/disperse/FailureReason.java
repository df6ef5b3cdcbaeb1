package dev.moraine.ingest.disperse;

/** Why an accepted batch got no certificate. */
public enum FailureReason {
    /** Too few shards signed before the deadline, and too few are left. */
    QUORUM_UNREACHABLE,
    /** So many shards refused this batch that a quorum is out of reach. */
    REFUSED,
    /** The batch's last epoch ended before it could be dispersed. */
    EXPIRED,
    /** The nodes certified the batch, but the gateway's journal could not keep the certificate; posting it again is safe. */
    NOT_DURABLE,
    /** The gateway was closed. */
    CLOSED,
    /** A fault in the gateway itself, which its log names. */
    INTERNAL
}
