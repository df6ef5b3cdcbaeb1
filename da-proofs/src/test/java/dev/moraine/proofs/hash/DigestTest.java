package dev.moraine.proofs.hash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moraine.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DigestTest {
    private final Random random = Seed.random("DigestTest");

    @Test
    void everyFormLeadsBackToTheSameDigest() {
        for (int i = 0; i < 100; i++) {
            byte[] bytes = Seed.bytes(random, Digest.BYTES);
            Digest digest = Digest.of(bytes);
            assertArrayEquals(bytes, digest.toBytes());
            assertEquals(digest, Digest.parse(digest.toString()));
            byte[] shifted = new byte[Digest.BYTES + 3];
            digest.copyTo(shifted, 3);
            assertEquals(digest, Digest.of(shifted, 3));
            MemorySegment segment = MemorySegment.ofArray(new byte[Digest.BYTES + 5]);
            digest.copyTo(segment, 5);
            assertEquals(digest, Digest.of(segment, 5));
        }
    }

    @Test
    void digestsOrderAsTheirBytesDo() {
        for (int i = 0; i < 1000; i++) {
            byte[] one = Seed.bytes(random, Digest.BYTES);
            byte[] other = one.clone();
            other[random.nextInt(Digest.BYTES)] ^= (byte) (1 << random.nextInt(8));
            assertEquals(
                    Integer.signum(Arrays.compareUnsigned(one, other)),
                    Integer.signum(Digest.of(one).compareTo(Digest.of(other))));
        }
    }

    @Test
    void onlySixtyFourLowerCaseDigitsAreAText() {
        String text = Digest.of(Seed.bytes(random, Digest.BYTES)).toString();
        assertThrows(IllegalArgumentException.class, () -> Digest.parse(text.substring(1)));
        assertThrows(IllegalArgumentException.class, () -> Digest.parse(text + "0"));
        assertThrows(IllegalArgumentException.class, () -> Digest.parse("A" + text.substring(1)));
        assertThrows(IllegalArgumentException.class, () -> Digest.parse("g" + text.substring(1)));
        assertThrows(IllegalArgumentException.class, () -> Digest.parse("０" + text.substring(1)));
        assertThrows(IllegalArgumentException.class, () -> Digest.parse("0x" + text.substring(2)));
    }

    @Test
    void onlyThirtyTwoBytesAreADigest() {
        assertThrows(IllegalArgumentException.class, () -> Digest.of(new byte[Digest.BYTES - 1]));
        assertThrows(IllegalArgumentException.class, () -> Digest.of(new byte[Digest.BYTES + 1]));
        assertThrows(IndexOutOfBoundsException.class, () -> Digest.of(new byte[Digest.BYTES], 1));
        Digest digest = Digest.of(new byte[Digest.BYTES]);
        assertThrows(IndexOutOfBoundsException.class, () -> digest.copyTo(new byte[Digest.BYTES], 1));
    }
}
