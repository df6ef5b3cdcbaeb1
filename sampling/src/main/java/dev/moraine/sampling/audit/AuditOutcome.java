package dev.moraine.sampling.audit;

/** What an audit found. */
public enum AuditOutcome {
    /** Members of weight at least f + 1 have read the blob and got its id again. */
    WHOLE,
    /** Members of weight at least f + 1 have found that the blob was encoded wrongly: it counts as empty. */
    WRONG,
    /** Neither, so far. It says nothing about the blob. */
    NOT_YET
}
