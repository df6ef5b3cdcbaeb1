package dev.moraine.proofs.proof;

/** What a verifier found: the one acceptance, or the first reason to reject. */
public enum ProofVerdict {
    /** The proof shows what was asked for. */
    ACCEPT,
    /** The header is none of a blob of the deployment. */
    INVALID_HEADER,
    /** The header is that of another blob. */
    WRONG_ID,
    /** What was asked for lies outside the blob or its matrix. */
    OUT_OF_RANGE,
    /** The proof is for another range than the one that was asked for. */
    WRONG_RANGE,
    /** A part of the proof is shorter or longer than what was asked for implies. */
    WRONG_LENGTH,
    /** The hashes lead to another root. */
    WRONG_ROOT
}
