package dev.moraine.proofs.certificate;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * A BLS public key: a point of G1 that was checked for its encoding, the curve, the subgroup and infinity. The check
 * and the decompression are paid for once, when the key is made.
 *
 * <p>Immutable and thread-safe.
 */
public final class BlsPublicKey {
    /** Bytes of the compressed form. */
    public static final int ENCODED_BYTES = BlsNative.PUBLIC_KEY_BYTES;

    /** Bytes of the uncompressed form. */
    public static final int UNCOMPRESSED_BYTES = 2 * ENCODED_BYTES;

    private final byte[] encoded;
    private final BlsNative.KeyPoint point;

    private BlsPublicKey(byte[] encoded, BlsNative.KeyPoint point) {
        this.encoded = encoded;
        this.point = point;
    }

    /**
     * Reads a compressed key.
     *
     * @param encoded bytes from outside, of any length and content
     * @return the key
     * @throws InvalidPointException unless they are the canonical form of a usable point
     */
    public static BlsPublicKey decode(byte[] encoded) throws InvalidPointException {
        byte[] own = encoded.clone();
        return new BlsPublicKey(own, BlsNative.decodeKey(own));
    }

    /**
     * Reads the text form, 96 lower-case hex digits.
     *
     * @param text the text
     * @return the key
     * @throws InvalidPointException unless it is the text form of a usable point
     */
    public static BlsPublicKey parse(String text) throws InvalidPointException {
        return decode(PointText.parse("public key", text, ENCODED_BYTES));
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
     * The uncompressed form, {@code x ‖ y}, for verifiers that cannot take a square root.
     *
     * @return a new array of {@link #UNCOMPRESSED_BYTES} bytes
     */
    public byte[] encodeUncompressed() {
        return point.encodeUncompressed();
    }

    /**
     * Verifies a signature of this key's holder.
     *
     * @param message the signed bytes
     * @param signature the signature
     * @return whether it is good
     */
    public boolean verify(byte[] message, BlsSignature signature) {
        return BlsNative.verify(point, message, BlsNative.Suite.SIGNATURE, signature.point());
    }

    /**
     * Verifies that somebody knows the secret key of this key. A key must not take part in an aggregate before, since
     * keys can be made up that cancel those of others.
     *
     * @param proof the proof of possession
     * @return whether it is good
     */
    public boolean verifyPossession(BlsSignature proof) {
        return BlsNative.verify(point, encoded, BlsNative.Suite.POSSESSION, proof.point());
    }

    /**
     * The checked point.
     *
     * @return the point
     */
    BlsNative.KeyPoint point() {
        return point;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlsPublicKey key && Arrays.equals(encoded, key.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    /** The text form, 96 lower-case hex digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(encoded);
    }
}
