package dev.moraine.proofs.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.testing.Seed;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WriterKeyTest {
    private static final HexFormat HEX = HexFormat.of();

    /** RFC 8032, section 7.1: seed, public key, message, signature. */
    private static final String[][] RFC_8032 = {
        {
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
                    + "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        },
        {
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                    + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        },
        {
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                    + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        },
        {
            "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
            "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                    + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
                    + "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
        }
    };

    /** The encodings of the eight points whose order divides 8, computed from one of order 8. */
    private static final List<String> SMALL_ORDER = List.of(
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "0000000000000000000000000000000000000000000000000000000000000080",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
            "0100000000000000000000000000000000000000000000000000000000000000");

    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    private final Random random = Seed.random("WriterKeyTest");
    private final WriterKey key = WriterKey.generate(new SecureRandom());
    private final WriteRight right =
            new WriteRight(BundleFixture.digest(random), 3, 2, BundleFixture.digest(random));

    @Test
    void keysAndSignaturesAreThoseOfTheRfc() throws InvalidEncodingException {
        for (String[] vector : RFC_8032) {
            WriterKey secret = WriterKey.fromSeed(HEX.parseHex(vector[0]));
            byte[] message = HEX.parseHex(vector[2]);
            assertEquals(vector[1], secret.publicKey().toString());
            assertEquals(vector[3], HEX.formatHex(secret.sign(message)));
            assertTrue(WriterPublicKey.parse(vector[1]).verify(message, HEX.parseHex(vector[3])));
        }
    }

    @Test
    void aRightIsGrantedOnlyByItsWriterAndAsItWasSigned() throws InvalidEncodingException {
        byte[] signature = key.sign(right);
        WriterPublicKey decoded = WriterPublicKey.decode(key.publicKey().encode());
        assertEquals(key.publicKey(), decoded);
        assertEquals(key.publicKey().hashCode(), decoded.hashCode());
        assertTrue(decoded.verify(right, signature));
        assertFalse(WriterKey.generate(new SecureRandom()).publicKey().verify(right, signature));
        assertFalse(decoded.verify(new WriteRight(right.deploymentId(), 4, 2, right.bundleRoot()), signature));
        assertFalse(decoded.verify(new WriteRight(right.deploymentId(), 3, 1, right.bundleRoot()), signature));
        Statement sameFields = new Statement(right.deploymentId(), 3, 2, right.bundleRoot());
        assertFalse(decoded.verify(sameFields.encode(), signature));
    }

    @Test
    void everySingleFlippedBitOfASignatureIsRefusedAndNoneThrows() {
        byte[] signature = key.sign(right);
        for (int bit = 0; bit < signature.length * 8; bit++) {
            byte[] flipped = signature.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            assertFalse(key.publicKey().verify(right, flipped), "bit " + bit);
        }
    }

    @Test
    void signaturesOfOtherLengthsAreRefused() {
        byte[] signature = key.sign(right);
        for (int length = 0; length < 130; length++) {
            assertEquals(length == 64, key.publicKey().verify(right, Arrays.copyOf(signature, length)));
        }
    }

    @Test
    void aSignatureWithTheOrderAddedToItsScalarIsRefused() {
        byte[] signature = key.sign(right);
        BigInteger scalar = fromLittleEndian(Arrays.copyOfRange(signature, 32, 64));
        byte[] malleated = signature.clone();
        System.arraycopy(toLittleEndian(scalar.add(ORDER)), 0, malleated, 32, 32);
        assertFalse(key.publicKey().verify(right, malleated));
        System.arraycopy(toLittleEndian(ORDER), 0, malleated, 32, 32);
        assertFalse(key.publicKey().verify(right, malleated));
    }

    @Test
    void aSignatureWhosePointIsNotReducedIsRefused() throws GeneralSecurityException {
        // With the identity as its point a signature needs no nonce, so either encoding of it can be signed for.
        assertTrue(key.publicKey().verify(right, signatureWithIdentity(toLittleEndian(BigInteger.ONE))));
        byte[] unreduced = toLittleEndian(P.add(BigInteger.ONE));
        assertFalse(key.publicKey().verify(right, signatureWithIdentity(unreduced)));
    }

    @Test
    void keysOfSmallOrderAreRefused() {
        for (String point : SMALL_ORDER) {
            assertFault(EncodingFault.BAD_POINT, HEX.parseHex(point));
        }
        byte[] otherSignOfIdentity = HEX.parseHex(SMALL_ORDER.getLast());
        otherSignOfIdentity[31] |= (byte) 0x80;
        assertFault(EncodingFault.BAD_POINT, otherSignOfIdentity);
    }

    @Test
    void coordinatesFromThePrimeOnAreRefused() {
        for (long above = 0; above < 19; above++) {
            byte[] unreduced = toLittleEndian(P.add(BigInteger.valueOf(above)));
            assertFault(EncodingFault.BAD_POINT, unreduced);
            unreduced[31] |= (byte) 0x80;
            assertFault(EncodingFault.BAD_POINT, unreduced);
        }
    }

    @Test
    void coordinatesOffTheCurveAreRefused() {
        // For these y the equation of the curve has no solution.
        for (int y : new int[] {2, 7, 8, 11, 12, 13, 17, 20}) {
            assertFault(EncodingFault.BAD_POINT, toLittleEndian(BigInteger.valueOf(y)));
        }
    }

    @Test
    void everyPointOfTheCurveIsTakenAndReadBack() throws InvalidEncodingException {
        for (int y : new int[] {3, 4, 5, 6, 9, 10}) {
            byte[] even = toLittleEndian(BigInteger.valueOf(y));
            byte[] odd = even.clone();
            odd[31] |= (byte) 0x80;
            assertEquals(HEX.formatHex(even), WriterPublicKey.decode(even).toString());
            assertEquals(HEX.formatHex(odd), WriterPublicKey.decode(odd).toString());
            assertNotEquals(WriterPublicKey.decode(even), WriterPublicKey.decode(odd));
            assertFalse(WriterPublicKey.decode(odd).verify(right, key.sign(right)));
        }
    }

    @Test
    void keysOfOtherLengthsAndTextsAreRefused() {
        for (int length : new int[] {0, 31, 33, 64}) {
            assertFault(EncodingFault.WRONG_LENGTH, Arrays.copyOf(key.publicKey().encode(), length));
            assertThrows(IllegalArgumentException.class, () -> WriterKey.fromSeed(new byte[length]));
        }
        String text = key.publicKey().toString();
        for (String bad : new String[] {"", text.substring(2), text + "00", "0X" + text.substring(2)}) {
            assertThrows(InvalidEncodingException.class, () -> WriterPublicKey.parse(bad));
        }
    }

    @Test
    void aDestroyedKeySignsNothing() {
        WriterKey doomed = WriterKey.generate(new SecureRandom());
        assertFalse(doomed.isDestroyed());
        doomed.destroy();
        assertTrue(doomed.isDestroyed());
        assertThrows(IllegalStateException.class, () -> doomed.sign(right));
        assertThrows(IllegalStateException.class, doomed::copySeed);
    }

    @Test
    void nothingPrintsTheSeed() {
        assertFalse(key.toString().contains(HEX.formatHex(key.copySeed())));
        assertTrue(key.toString().contains(key.publicKey().toString()));
    }

    /** {@code R ‖ H(R ‖ A ‖ M)·a} for the secret scalar a of the key, as in RFC 8032, section 5.1.6. */
    private byte[] signatureWithIdentity(byte[] identity) throws GeneralSecurityException {
        MessageDigest sha512 = MessageDigest.getInstance("SHA-512");
        byte[] secret = Arrays.copyOf(sha512.digest(key.copySeed()), 32);
        secret[0] &= (byte) 0xF8;
        secret[31] = (byte) ((secret[31] & 0x7F) | 0x40);
        sha512.update(identity);
        sha512.update(key.publicKey().encode());
        BigInteger challenge = fromLittleEndian(sha512.digest(right.encode()));
        byte[] scalar = toLittleEndian(challenge.multiply(fromLittleEndian(secret)).mod(ORDER));
        return ByteBuffer.allocate(64).put(identity).put(scalar).array();
    }

    private static void assertFault(EncodingFault fault, byte[] encoded) {
        InvalidEncodingException e = assertThrows(
                InvalidEncodingException.class, () -> WriterPublicKey.decode(encoded), HEX.formatHex(encoded));
        assertEquals(fault, e.fault());
    }

    private static BigInteger fromLittleEndian(byte[] bytes) {
        byte[] bigEndian = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            bigEndian[i] = bytes[bytes.length - 1 - i];
        }
        return new BigInteger(1, bigEndian);
    }

    private static byte[] toLittleEndian(BigInteger value) {
        byte[] bytes = new byte[32];
        for (int i = 0; i < 32; i++) {
            bytes[i] = value.shiftRight(8 * i).byteValue();
        }
        return bytes;
    }
}
