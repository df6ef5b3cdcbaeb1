package dev.moraine.proofs.certificate;

/**
 * Why a node does not sign a statement.
 */
public enum StatementRefusal {
    /** The statement is of another deployment. */
    WRONG_DEPLOYMENT,
    /** Its epoch is neither the current one nor, for a minute, the last one. */
    EPOCH_NOT_SIGNABLE,
    /** Its count is out of range or not that of the entries. */
    WRONG_COUNT,
    /** Its root is not that of the entries. */
    WRONG_ROOT,
    /** The entry's blob occurs before in the bundle. */
    DUPLICATE_BLOB,
    /** The entry expires before the statement's epoch. */
    EXPIRES_BEFORE_EPOCH,
    /** The entry expires later than the deployment keeps anything. */
    EXPIRES_BEYOND_RETENTION
}
