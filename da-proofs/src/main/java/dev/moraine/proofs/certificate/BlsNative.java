package dev.moraine.proofs.certificate;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import supranational.blst.BLST_ERROR;
import supranational.blst.P1;
import supranational.blst.P1_Affine;
import supranational.blst.P2;
import supranational.blst.P2_Affine;
import supranational.blst.SecretKey;

/**
 * The only door to the native BLS library.
 *
 * <p>Two rules hold behind it, because the library checks neither and dies on some violations. No argument is ever
 * null: an absent augmentation is an empty array. And a {@link KeyPoint} or {@link SignaturePoint} exists only for a
 * point that is on the curve, in the subgroup of prime order, and not infinity: {@link #decodeKey} and
 * {@link #decodeSignature} check what comes from outside, {@link #sumOfKeys} and {@link #sumOfSignatures} check their
 * sums.
 *
 * <p>Encodings are those of Zcash's BLS12-381 (three flag bits, then big-endian coordinates), the scheme is that of
 * draft-irtf-cfrg-bls-signature, with public keys in G1 and signatures in G2. Stateless and thread-safe.
 */
final class BlsNative {
    /** Bytes of a secret key, a big-endian integer from 1 to r−1. */
    static final int SECRET_KEY_BYTES = 32;

    /** Bytes of a compressed public key. */
    static final int PUBLIC_KEY_BYTES = 48;

    /** Bytes of a compressed signature. */
    static final int SIGNATURE_BYTES = 96;

    private static final int COORDINATE_BYTES = 48;
    private static final int COMPRESSED_FLAG = 0x80;
    private static final int INFINITY_FLAG = 0x40;
    private static final int FLAGS = 0xE0;

    /** The prime of the field that the coordinates are from. */
    private static final byte[] FIELD_PRIME = HexFormat.of()
            .parseHex("1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf"
                    + "6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab");

    /** The order r of the subgroups. */
    private static final byte[] GROUP_ORDER =
            HexFormat.of().parseHex("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001");

    private static final byte[] NO_AUGMENTATION = new byte[0];

    /** What a signature is made for; the two never verify as each other. */
    enum Suite {
        /** Signatures over statements and verdicts. */
        SIGNATURE("BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_"),
        /** Proofs that the holder of a public key knows its secret key, over the 48 bytes of the public key. */
        POSSESSION("BLS_POP_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_");

        private final String domainTag;

        Suite(String domainTag) {
            this.domainTag = domainTag;
        }
    }

    /** A checked point of G1. */
    static final class KeyPoint {
        private final P1_Affine point;

        private KeyPoint(P1_Affine point) {
            this.point = point;
        }

        /**
         * The uncompressed form, {@code x ‖ y}.
         *
         * @return 96 bytes
         */
        byte[] encodeUncompressed() {
            return point.serialize();
        }
    }

    /** A checked point of G2. */
    static final class SignaturePoint {
        private final P2_Affine point;

        private SignaturePoint(P2_Affine point) {
            this.point = point;
        }

        /**
         * The compressed form.
         *
         * @return 96 bytes
         */
        byte[] encode() {
            return point.compress();
        }

        /**
         * The uncompressed form, {@code x.c1 ‖ x.c0 ‖ y.c1 ‖ y.c0}.
         *
         * @return 192 bytes
         */
        byte[] encodeUncompressed() {
            return point.serialize();
        }
    }

    private BlsNative() {}

    /**
     * Whether bytes are a secret key: 32 bytes, a big-endian integer from 1 to r−1.
     *
     * @param secret the bytes
     * @return whether they are in range
     */
    static boolean isSecretKey(byte[] secret) {
        return secret.length == SECRET_KEY_BYTES
                && Arrays.compareUnsigned(secret, GROUP_ORDER) < 0
                && !isZero(secret, 0, secret.length);
    }

    /**
     * Derives a secret key from random bytes (KeyGen of the draft: HKDF with SHA-256, reduced mod r).
     *
     * @param keyMaterial at least 32 secret, uniformly random bytes
     * @return 32 bytes, which the caller wipes
     */
    static byte[] deriveSecretKey(byte[] keyMaterial) {
        if (keyMaterial.length < SECRET_KEY_BYTES) {
            throw new IllegalArgumentException("keyMaterial must have at least " + SECRET_KEY_BYTES + " bytes, but has "
                    + keyMaterial.length);
        }
        SecretKey key = new SecretKey();
        try {
            key.keygen(keyMaterial);
            return key.to_bendian();
        } finally {
            wipe(key);
        }
    }

    /**
     * The public key of a secret key.
     *
     * @param secret a secret key
     * @return 48 bytes
     */
    static byte[] publicKey(byte[] secret) {
        SecretKey key = load(secret);
        try {
            return new P1(key).compress();
        } finally {
            wipe(key);
        }
    }

    /**
     * Signs a message.
     *
     * @param secret a secret key
     * @param message any bytes
     * @param suite what the signature is for
     * @return the signature
     */
    static SignaturePoint sign(byte[] secret, byte[] message, Suite suite) {
        Objects.requireNonNull(message, "message");
        SecretKey key = load(secret);
        try {
            P2 hashed = new P2().hash_to(message, suite.domainTag, NO_AUGMENTATION);
            return new SignaturePoint(hashed.sign_with(key).to_affine());
        } finally {
            wipe(key);
        }
    }

    /**
     * Checks a compressed public key.
     *
     * @param encoded bytes from outside, of any length
     * @return the point
     * @throws InvalidPointException unless they are the canonical form of a usable point
     */
    static KeyPoint decodeKey(byte[] encoded) throws InvalidPointException {
        checkEncoding("public key", encoded, PUBLIC_KEY_BYTES);
        P1_Affine point;
        try {
            point = new P1_Affine(encoded);
        } catch (RuntimeException e) {
            // The library's only way to report a failure. The encoding is good, so what is left is the curve, or x = 0:
            // the library refuses (0, ±2), which are points of order three, before the subgroup is asked about.
            boolean ofOrderThree = (encoded[0] & 0xFF & ~FLAGS) == 0 && isZero(encoded, 1, PUBLIC_KEY_BYTES);
            throw invalid("public key", ofOrderThree ? PointFault.NOT_IN_SUBGROUP : PointFault.NOT_ON_CURVE, e);
        }
        if (!point.in_group()) {
            throw new InvalidPointException("public key", PointFault.NOT_IN_SUBGROUP);
        }
        return new KeyPoint(point);
    }

    /**
     * Checks a compressed signature.
     *
     * @param encoded bytes from outside, of any length
     * @return the point
     * @throws InvalidPointException unless they are the canonical form of a usable point
     */
    static SignaturePoint decodeSignature(byte[] encoded) throws InvalidPointException {
        checkEncoding("signature", encoded, SIGNATURE_BYTES);
        P2_Affine point;
        try {
            point = new P2_Affine(encoded);
        } catch (RuntimeException e) {
            // As for keys, except that no point of this curve has x = 0.
            throw invalid("signature", PointFault.NOT_ON_CURVE, e);
        }
        if (!point.in_group()) {
            throw new InvalidPointException("signature", PointFault.NOT_IN_SUBGROUP);
        }
        return new SignaturePoint(point);
    }

    /**
     * Verifies a signature.
     *
     * @param key the signer's key, or the sum of the signers' keys
     * @param message the signed bytes
     * @param suite what the signature must be for
     * @param signature the signature, or the sum of signatures
     * @return whether it is good
     */
    static boolean verify(KeyPoint key, byte[] message, Suite suite, SignaturePoint signature) {
        Objects.requireNonNull(message, "message");
        return signature.point.core_verify(key.point, true, message, suite.domainTag, NO_AUGMENTATION)
                == BLST_ERROR.BLST_SUCCESS;
    }

    /**
     * Adds keys.
     *
     * @param keys the summands
     * @return the sum, or null where it is infinity, the empty sum included
     */
    static @Nullable KeyPoint sumOfKeys(List<KeyPoint> keys) {
        P1 sum = new P1();
        for (KeyPoint key : keys) {
            sum.add(key.point);
        }
        return sum.is_inf() ? null : new KeyPoint(sum.to_affine());
    }

    /**
     * Adds signatures.
     *
     * @param signatures the summands
     * @return the sum, or null where it is infinity, the empty sum included
     */
    static @Nullable SignaturePoint sumOfSignatures(List<SignaturePoint> signatures) {
        P2 sum = new P2();
        for (SignaturePoint signature : signatures) {
            sum.add(signature.point);
        }
        return sum.is_inf() ? null : new SignaturePoint(sum.to_affine());
    }

    private static SecretKey load(byte[] secret) {
        if (!isSecretKey(secret)) {
            throw new IllegalArgumentException("secret must be " + SECRET_KEY_BYTES + " bytes, from 1 to r-1");
        }
        SecretKey key = new SecretKey();
        key.from_bendian(secret);
        return key;
    }

    private static void wipe(SecretKey key) {
        key.from_bendian(new byte[SECRET_KEY_BYTES]);
    }

    private static void checkEncoding(String what, byte[] encoded, int lengthBytes) throws InvalidPointException {
        if (encoded.length != lengthBytes) {
            throw new InvalidPointException(what, PointFault.WRONG_LENGTH);
        }
        if ((encoded[0] & COMPRESSED_FLAG) == 0) {
            throw new InvalidPointException(what, PointFault.BAD_ENCODING);
        }
        if ((encoded[0] & INFINITY_FLAG) != 0) {
            boolean canonical = (encoded[0] & 0xFF) == (COMPRESSED_FLAG | INFINITY_FLAG)
                    && isZero(encoded, 1, encoded.length);
            throw new InvalidPointException(what, canonical ? PointFault.INFINITY : PointFault.BAD_ENCODING);
        }
        byte[] coordinates = encoded.clone();
        coordinates[0] &= (byte) ~FLAGS;
        for (int at = 0; at < lengthBytes; at += COORDINATE_BYTES) {
            int toPrime = Arrays.compareUnsigned(
                    coordinates, at, at + COORDINATE_BYTES, FIELD_PRIME, 0, COORDINATE_BYTES);
            if (toPrime >= 0) {
                throw new InvalidPointException(what, PointFault.BAD_ENCODING);
            }
        }
    }

    private static InvalidPointException invalid(String what, PointFault fault, RuntimeException cause) {
        InvalidPointException invalid = new InvalidPointException(what, fault);
        invalid.initCause(cause);
        return invalid;
    }

    private static boolean isZero(byte[] bytes, int from, int to) {
        int seen = 0;
        for (int i = from; i < to; i++) {
            seen |= bytes[i];
        }
        return seen == 0;
    }
}
