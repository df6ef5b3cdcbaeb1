package dev.moraine.proofs.certificate;

import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * The Ed25519 key (RFC 8032) that a writer, whoever runs a gateway, is known by.
 *
 * <p>Immutable and thread-safe.
 */
public final class WriterPublicKey {
    /** Bytes of the encoding. */
    public static final int ENCODED_BYTES = Ed25519Encoding.POINT_BYTES;

    /** Bytes of a signature. */
    public static final int SIGNATURE_BYTES = Ed25519Encoding.SIGNATURE_BYTES;

    private final byte[] encoded;
    private final Ed25519.PublicPoint key;

    private WriterPublicKey(byte[] encoded, Ed25519.PublicPoint key) {
        this.encoded = encoded;
        this.key = key;
    }

    /**
     * Reads a key.
     *
     * @param encoded bytes from outside, of any length and content
     * @return the key
     * @throws InvalidEncodingException unless they are the canonical form of a point of the curve that is not of small
     *     order
     */
    public static WriterPublicKey decode(byte[] encoded) throws InvalidEncodingException {
        if (encoded.length != ENCODED_BYTES) {
            throw new InvalidEncodingException(
                    EncodingFault.WRONG_LENGTH,
                    "a writer's key has " + ENCODED_BYTES + " bytes, not " + encoded.length);
        }
        Ed25519.PublicPoint key = Ed25519Encoding.isPublicPoint(encoded)
                ? Ed25519.validatePublicKeyPartialExport(encoded, 0)
                : null;
        if (key == null) {
            throw new InvalidEncodingException(
                    EncodingFault.BAD_POINT, "a writer's key must be a point of Ed25519 in canonical form");
        }
        return new WriterPublicKey(encoded.clone(), key);
    }

    /**
     * Reads the text form, 64 lower-case hex digits.
     *
     * @param text the text
     * @return the key
     * @throws InvalidEncodingException unless it is the text form of a key
     */
    public static WriterPublicKey parse(String text) throws InvalidEncodingException {
        try {
            return decode(PointText.parse("writer's key", text, ENCODED_BYTES));
        } catch (InvalidPointException e) {
            throw new InvalidEncodingException(e);
        }
    }

    /**
     * Verifies that the writer grants a right.
     *
     * @param right the right
     * @param signature bytes from outside, of any length and content
     * @return whether they are this writer's signature over it, in canonical form
     */
    public boolean verify(WriteRight right, byte[] signature) {
        return verify(right.encode(), signature);
    }

    /**
     * Verifies a signature over any bytes.
     *
     * @param message the signed bytes
     * @param signature bytes from outside, of any length and content
     * @return whether they are this writer's signature over the message, in canonical form
     */
    boolean verify(byte[] message, byte[] signature) {
        return Ed25519Encoding.isSignatureForm(signature)
                && Ed25519.verify(signature, 0, key, message, 0, message.length);
    }

    /**
     * The encoding: the y coordinate, little-endian, with the parity of x in the top bit.
     *
     * @return a new array of {@link #ENCODED_BYTES} bytes
     */
    public byte[] encode() {
        return encoded.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WriterPublicKey writer && Arrays.equals(encoded, writer.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    /** The text form, 64 lower-case hex digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(encoded);
    }
}
