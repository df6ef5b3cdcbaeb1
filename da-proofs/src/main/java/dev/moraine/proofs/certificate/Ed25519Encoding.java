package dev.moraine.proofs.certificate;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/**
 * The canonical encodings of RFC 8032 for Ed25519: a point is its y coordinate, 255 bits little-endian and below p,
 * with the parity of x in the top bit; a signature is a point and a number below the order of the base point. Libraries
 * differ in what else they take, so these forms are checked before.
 */
final class Ed25519Encoding {
    /** Bytes of a point. */
    static final int POINT_BYTES = 32;

    /** Bytes of a signature. */
    static final int SIGNATURE_BYTES = 64;

    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
    private static final BigInteger D = BigInteger.valueOf(-121_665)
            .multiply(BigInteger.valueOf(121_666).modInverse(P))
            .mod(P);
    /** The y coordinate of two of the four points of order 8; its negative is that of the other two. */
    private static final BigInteger Y_OF_ORDER_8 = new BigInteger(
            1, HexFormat.of().parseHex("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7"));

    /** The y coordinates of the eight points whose order divides 8: (0, ±1), (±√−1, 0) and four of order 8. */
    private static final Set<BigInteger> Y_OF_SMALL_ORDER = Set.of(
            BigInteger.ZERO,
            BigInteger.ONE,
            P.subtract(BigInteger.ONE),
            Y_OF_ORDER_8,
            P.subtract(Y_OF_ORDER_8));

    private Ed25519Encoding() {}

    /**
     * Whether bytes are a point that may be a public key.
     *
     * @param encoded any bytes
     * @return true if they are the canonical form of a point of the curve that is not of small order, under which one
     *     signature would verify for many messages
     */
    static boolean isPublicPoint(byte[] encoded) {
        if (encoded.length != POINT_BYTES) {
            return false;
        }
        BigInteger y = coordinate(encoded);
        return y.compareTo(P) < 0 && !Y_OF_SMALL_ORDER.contains(y) && isOnCurve(y);
    }

    /**
     * Whether bytes have the form of a signature: 64 bytes, a canonical y coordinate and a number below the order.
     *
     * @param signature any bytes
     * @return whether they have
     */
    static boolean isSignatureForm(byte[] signature) {
        if (signature.length != SIGNATURE_BYTES) {
            return false;
        }
        byte[] point = Arrays.copyOf(signature, POINT_BYTES);
        BigInteger scalar = fromLittleEndian(Arrays.copyOfRange(signature, POINT_BYTES, SIGNATURE_BYTES));
        return coordinate(point).compareTo(P) < 0 && scalar.compareTo(ORDER) < 0;
    }

    /** Whether {@code x² = (y² − 1) / (d·y² + 1)} has a solution other than x = 0, by Euler's criterion. */
    private static boolean isOnCurve(BigInteger y) {
        BigInteger ySquared = y.multiply(y).mod(P);
        BigInteger numerator = ySquared.subtract(BigInteger.ONE);
        BigInteger denominator = D.multiply(ySquared).add(BigInteger.ONE);
        // The product has the same quadratic character as the quotient, and the denominator is never zero.
        BigInteger character =
                numerator.multiply(denominator).mod(P).modPow(P.subtract(BigInteger.ONE).shiftRight(1), P);
        return character.equals(BigInteger.ONE);
    }

    private static BigInteger coordinate(byte[] point) {
        byte[] withoutSign = point.clone();
        withoutSign[POINT_BYTES - 1] &= 0x7F;
        return fromLittleEndian(withoutSign);
    }

    private static BigInteger fromLittleEndian(byte[] bytes) {
        byte[] bigEndian = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            bigEndian[i] = bytes[bytes.length - 1 - i];
        }
        return new BigInteger(1, bigEndian);
    }
}
