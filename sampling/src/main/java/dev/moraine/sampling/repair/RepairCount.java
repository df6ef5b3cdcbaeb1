package dev.moraine.sampling.repair;

/** What repair counts. */
public enum RepairCount {
    /** Pairs of which at least a sliver was found missing or damaged. */
    PAIRS_FOUND,
    /** Pairs that are whole again. */
    PAIRS_REPAIRED,
    /** Secondary slivers that were rebuilt and stored. */
    SECONDARIES_STORED,
    /** Primary slivers that were rebuilt and stored. */
    PRIMARIES_STORED,
    /** Primary slivers that were rebuilt from whole primaries. */
    PRIMARIES_FROM_PRIMARIES,
    /** Bytes of slivers that were rebuilt and stored. */
    BYTES_STORED,
    /** Bytes of symbols, proofs, metadata and certificates that came from other nodes. */
    BYTES_RECEIVED,
    /** Requests for symbols that were sent. */
    REQUESTS,
    /** Requests that were not answered in time, or whose connection broke. */
    UNANSWERED,
    /** Symbols that a node did not have. */
    NOT_HELD,
    /** Answers that no node gives that works and follows the protocol; they were thrown away. */
    LIES,
    /** Attempts that failed for want of symbols; the pair waits for the next. */
    ATTEMPTS_FAILED,
    /** Attempts that showed that the blob was encoded wrongly, so that there is no such sliver. */
    INCONSISTENT,
    /** Blobs that are longer than what is repaired. */
    OVER_LIMIT,
    /** Pairs whose blob expired before they were whole. */
    EXPIRED,
    /** Certificates that were learned from other nodes. */
    CERTIFICATES_LEARNED
}
