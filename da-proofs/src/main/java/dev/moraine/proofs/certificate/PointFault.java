package dev.moraine.proofs.certificate;

/**
 * Why bytes are not a usable point of BLS12-381. The checks run in this order and the first failing one is named.
 */
public enum PointFault {
    /** Not 48 bytes for a public key, or not 96 for a signature. */
    WRONG_LENGTH,
    /** Not the compressed form, a coordinate that is not below the field's prime, or stray bits beside infinity. */
    BAD_ENCODING,
    /** The point at infinity, which every message and every empty set of signers would verify under. */
    INFINITY,
    /** No point of the curve has this x coordinate. */
    NOT_ON_CURVE,
    /** A point of the curve, but outside the subgroup of prime order. */
    NOT_IN_SUBGROUP
}
