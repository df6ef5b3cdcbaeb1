package dev.moraine.proofs.committee;

/**
 * Why a list of nodes is not a committee.
 */
public enum CommitteeFault {
    /** No geometry has so many shards. */
    SHARDS_OUT_OF_RANGE,
    /** Genesis time, epoch length or retention is out of range. */
    TIME_OUT_OF_RANGE,
    /** There is no node, or there are more nodes than shards. */
    WRONG_NUMBER_OF_NODES,
    /** A name has other characters than letters, digits, dots, hyphens and underscores, or a wrong length. */
    BAD_NAME,
    /** A host is empty or has characters that no host name or address has, or a port is out of range. */
    BAD_ADDRESS,
    /** The shard ranges do not follow one another from 0 to n − 1. */
    SHARDS_NOT_COVERED,
    /** A node holds more shards than may be lost. */
    TOO_MANY_SHARDS,
    /** Two nodes have the same name. */
    DUPLICATE_NAME,
    /** Two nodes have the same public key. */
    DUPLICATE_KEY,
    /** A node did not prove that it knows its secret key. */
    BAD_PROOF_OF_POSSESSION
}
