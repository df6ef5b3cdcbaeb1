package dev.moraine.proofs.certificate;

/**
 * What a verifier finds about a certificate, or about another statement signed by members of a committee. They are in
 * the order in which foreign bytes are checked, the cheap checks first, and the first failing one is named.
 */
public enum CertificateVerdict {
    /** It is valid. */
    ACCEPT,
    /** Bytes are missing or trailing, or the bitmap is not as long as the committee wants it. */
    WRONG_LENGTH,
    /** The signed bytes are of another kind or version. */
    WRONG_TAG,
    /** An epoch, count, length or index is out of range. */
    OUT_OF_RANGE,
    /** A bit of the bitmap stands for no member. */
    UNUSED_BITS_SET,
    /** The entry does not lead to the bundle root at its index. */
    WRONG_PATH,
    /** It belongs to another deployment. */
    WRONG_DEPLOYMENT,
    /** Nobody signed. */
    NO_SIGNERS,
    /** The signers hold too few shards. */
    TOO_LITTLE_WEIGHT,
    /** The aggregate is not a usable point. */
    BAD_POINT,
    /** The aggregate does not verify for these signers and this statement. */
    WRONG_SIGNATURE;

    /**
     * The verdict over bytes that do not even decode.
     *
     * @param fault what the decoder found
     * @return the verdict of the same name
     */
    static CertificateVerdict of(EncodingFault fault) {
        return switch (fault) {
            case WRONG_LENGTH -> WRONG_LENGTH;
            case WRONG_TAG -> WRONG_TAG;
            case OUT_OF_RANGE -> OUT_OF_RANGE;
            case UNUSED_BITS_SET -> UNUSED_BITS_SET;
            case BAD_POINT -> BAD_POINT;
        };
    }
}
