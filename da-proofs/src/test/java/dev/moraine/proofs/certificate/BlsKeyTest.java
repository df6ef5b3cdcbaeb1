package dev.moraine.proofs.certificate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.testing.Seed;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlsKeyTest {
    private final Random random = Seed.random("BlsKeyTest");
    private final BlsSecretKey key = BlsSecretKey.generate(new SecureRandom());

    @Test
    void aSignatureVerifiesOnlyUnderItsKeyAndMessage() {
        byte[] message = Seed.bytes(random, 92);
        BlsSignature signature = key.sign(message);
        assertTrue(key.publicKey().verify(message, signature));
        assertFalse(BlsSecretKey.generate(new SecureRandom()).publicKey().verify(message, signature));
        message[random.nextInt(message.length)] ^= (byte) (1 << random.nextInt(8));
        assertFalse(key.publicKey().verify(message, signature));
    }

    @Test
    void aProofOfPossessionIsNoSignatureAndTheOtherWayRound() {
        byte[] publicKey = key.publicKey().encode();
        assertFalse(key.publicKey().verify(publicKey, key.proofOfPossession()));
        assertFalse(key.publicKey().verifyPossession(key.sign(publicKey)));
    }

    @Test
    void pointsOfEveryOtherLengthAreRefused() throws InvalidPointException {
        byte[] publicKey = key.publicKey().encode();
        byte[] signature = key.sign(publicKey).encode();
        for (int length = 0; length <= 2 * signature.length; length++) {
            byte[] bytes = Arrays.copyOf(signature, length);
            if (length == signature.length) {
                assertEquals(key.sign(publicKey), BlsSignature.decode(bytes));
            } else {
                assertEquals(
                        PointFault.WRONG_LENGTH,
                        assertThrows(InvalidPointException.class, () -> BlsSignature.decode(bytes)).fault());
            }
            byte[] keyBytes = Arrays.copyOf(publicKey, length);
            if (length == publicKey.length) {
                assertEquals(key.publicKey(), BlsPublicKey.decode(keyBytes));
            } else {
                assertEquals(
                        PointFault.WRONG_LENGTH,
                        assertThrows(InvalidPointException.class, () -> BlsPublicKey.decode(keyBytes)).fault());
            }
        }
    }

    @Test
    void randomBytesAreRefusedOrReadBackTheSame() {
        int decoded = 0;
        for (int i = 0; i < 500; i++) {
            byte[] bytes = Seed.bytes(random, 96);
            bytes[0] = (byte) (random.nextInt(4) == 0 ? bytes[0] : (bytes[0] & 0x3F) | 0x80);
            try {
                assertArrayEquals(bytes, BlsSignature.decode(bytes).encode());
                decoded++;
            } catch (InvalidPointException e) {
                assertNotEquals(PointFault.WRONG_LENGTH, e.fault());
            }
        }
        // A random point is in the subgroup with probability 1 in 2 to the 507.
        assertEquals(0, decoded);
    }

    @Test
    void onlyTheCanonicalTextFormIsRead() throws InvalidPointException {
        String text = key.publicKey().toString();
        assertEquals(key.publicKey(), BlsPublicKey.parse(text));
        assertThrows(InvalidPointException.class, () -> BlsPublicKey.parse(text.toUpperCase(Locale.ROOT)));
        assertThrows(InvalidPointException.class, () -> BlsPublicKey.parse(text + "00"));
        assertThrows(InvalidPointException.class, () -> BlsPublicKey.parse("0x" + text.substring(2)));
    }

    @Test
    void aDestroyedKeySignsNothing() {
        BlsSecretKey doomed = BlsSecretKey.generate(new SecureRandom());
        assertFalse(doomed.isDestroyed());
        doomed.destroy();
        assertTrue(doomed.isDestroyed());
        assertThrows(IllegalStateException.class, () -> doomed.sign(new byte[1]));
        assertThrows(IllegalStateException.class, doomed::proofOfPossession);
        assertThrows(IllegalStateException.class, doomed::copyBytes);
    }

    @Test
    void nothingPrintsTheSecretKey() {
        assertFalse(key.toString().contains(HexFormat.of().formatHex(key.copyBytes())));
        assertTrue(key.toString().contains(key.publicKey().toString()));
    }

    @Test
    void keysAreMadeFromFreshRandomness() {
        assertNotEquals(key.publicKey(), BlsSecretKey.generate(new SecureRandom()).publicKey());
    }

    @Test
    void secretKeysOfOtherLengthsAreRefused() {
        for (int length : new int[] {0, 1, 31, 33, 64}) {
            assertThrows(IllegalArgumentException.class, () -> BlsSecretKey.fromBytes(Seed.bytes(random, length)));
        }
    }
}
