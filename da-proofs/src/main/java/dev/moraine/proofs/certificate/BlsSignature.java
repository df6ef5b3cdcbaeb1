package dev.moraine.proofs.certificate;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * A BLS signature, an aggregate of them, or a proof of possession: a point of G2 that was checked for its encoding, the
 * curve, the subgroup and infinity. That it is a point says nothing about who signed what.
 *
 * <p>Immutable and thread-safe.
 */
public final class BlsSignature {
    /** Bytes of the compressed form. */
    public static final int ENCODED_BYTES = BlsNative.SIGNATURE_BYTES;

    /** Bytes of the uncompressed form. */
    public static final int UNCOMPRESSED_BYTES = 2 * ENCODED_BYTES;

    private final byte[] encoded;
    private final BlsNative.SignaturePoint point;

    /**
     * Wraps a checked point.
     *
     * @param point the point
     */
    BlsSignature(BlsNative.SignaturePoint point) {
        this.encoded = point.encode();
        this.point = point;
    }

    /**
     * Reads a compressed signature.
     *
     * @param encoded bytes from outside, of any length and content
     * @return the signature
     * @throws InvalidPointException unless they are the canonical form of a usable point
     */
    public static BlsSignature decode(byte[] encoded) throws InvalidPointException {
        return new BlsSignature(BlsNative.decodeSignature(encoded.clone()));
    }

    /**
     * Reads the text form, 192 lower-case hex digits.
     *
     * @param text the text
     * @return the signature
     * @throws InvalidPointException unless it is the text form of a usable point
     */
    public static BlsSignature parse(String text) throws InvalidPointException {
        return decode(PointText.parse("signature", text, ENCODED_BYTES));
    }

    /**
     * The compressed form.
     *
     * @return a new array of {@link #ENCODED_BYTES} bytes
     */
    public byte[] encode() {
        return encoded.clone();
    }

    /**
     * The uncompressed form, {@code x.c1 ‖ x.c0 ‖ y.c1 ‖ y.c0}, for verifiers that cannot take a square root.
     *
     * @return a new array of {@link #UNCOMPRESSED_BYTES} bytes
     */
    public byte[] encodeUncompressed() {
        return point.encodeUncompressed();
    }

    /**
     * The checked point.
     *
     * @return the point
     */
    BlsNative.SignaturePoint point() {
        return point;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlsSignature signature && Arrays.equals(encoded, signature.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    /** The text form, 192 lower-case hex digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(encoded);
    }
}
