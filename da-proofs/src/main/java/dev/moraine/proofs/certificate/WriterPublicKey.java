package dev.moraine.proofs.certificate;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;

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
    private final PublicKey key;

    private WriterPublicKey(byte[] encoded, PublicKey key) {
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
        EdECPoint point = Ed25519Encoding.publicPoint(encoded);
        if (point == null) {
            throw new InvalidEncodingException(
                    EncodingFault.BAD_POINT, "a writer's key must be a point of Ed25519 in canonical form");
        }
        try {
            PublicKey key = KeyFactory.getInstance("Ed25519")
                    .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
            return new WriterPublicKey(encoded.clone(), key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK must know Ed25519 and take every point of its curve", e);
        }
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
        if (!Ed25519Encoding.isSignatureForm(signature)) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException e) {
            // The JDK throws for a first half that is no point of the curve.
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK must know Ed25519 and take every checked key", e);
        }
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
