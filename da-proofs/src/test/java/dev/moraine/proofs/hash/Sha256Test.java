package dev.moraine.proofs.hash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moraine.testing.Seed;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class Sha256Test {
    /** NIST CAVP, SHA256ShortMsg.rsp, and the examples of FIPS 180-4: message and digest in hexadecimal. */
    private static final String[][] NIST = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"d3", "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1"},
        {"11af", "5ca7133fa735326081558ac312c620eeca9970d1e70a4b95533d956f072d1f98"},
        {"b4190e", "dff2e73091f6c05e528896c4c831b9448653dc2ff043528f6769437bc7b975c2"},
        {"74ba2521", "b16aa56be3880d18cd41e68384cf1ec8c17680c45a02b1575dc1518923ae8b0e"},
        {"616263", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {
            "6162636462636465636465666465666765666768666768696768696a68696a6b"
                    + "696a6b6c6a6b6c6d6b6c6d6e6c6d6e6f6d6e6f706e6f7071",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        },
    };

    @Test
    void publishedShortMessagesHaveTheirDigests() {
        for (String[] vector : NIST) {
            byte[] message = HexFormat.of().parseHex(vector[0]);
            assertEquals(vector[1], Sha256.digest(message).toString());
            byte[] head = Arrays.copyOf(message, message.length / 2);
            byte[] tail = Arrays.copyOfRange(message, message.length / 2, message.length);
            assertEquals(vector[1], Sha256.digest(head, new byte[0], tail).toString());
        }
        byte[] millionTimesA = new byte[1_000_000];
        Arrays.fill(millionTimesA, (byte) 'a');
        assertEquals(
                "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
                Sha256.digest(millionTimesA).toString());
    }

    @Test
    void publishedMessagesComeOutOfTheKernelWithTheirFirstByteAsTag() {
        for (String[] vector : NIST) {
            byte[] message = HexFormat.of().parseHex(vector[0]);
            if (message.length > 0) {
                byte[] digest = new byte[Digest.BYTES];
                MemorySegment source = MemorySegment.ofArray(message);
                Sha256.hashTagged(
                        message[0], source, 1, message.length, message.length - 1, 1, MemorySegment.ofArray(digest), 0);
                assertEquals(vector[1], Digest.of(digest).toString());
            }
        }
    }

    @Test
    void aBatchGivesTheDigestOfEveryMessageForEveryLength() throws Exception {
        Random random = Seed.random("Sha256Test");
        int[] lengths = {0, 1, 31, 55, 56, 63, 64, 65, 1023, 1024, 2047, 2048, 2049, 4095, 4096, 5000};
        MessageDigest jdk = MessageDigest.getInstance("SHA-256");
        try (Arena arena = Arena.ofConfined()) {
            for (int length : lengths) {
                int stride = length + random.nextInt(3);
                int count = 1 + random.nextInt(20);
                byte[] source = Seed.bytes(random, 7 + stride * count);
                MemorySegment memory = arena.allocate(source.length);
                memory.copyFrom(MemorySegment.ofArray(source));
                MemorySegment digests = arena.allocate(5 + (long) count * Digest.BYTES);
                Sha256.hashTagged((byte) 0x5c, memory, 7, stride, length, count, digests, 5);
                for (int i = 0; i < count; i++) {
                    jdk.update((byte) 0x5c);
                    jdk.update(source, 7 + i * stride, length);
                    assertEquals(Digest.of(jdk.digest()), Digest.of(digests, 5 + (long) i * Digest.BYTES));
                }
                assertEquals(0, digests.get(ValueLayout.JAVA_BYTE, 4), "nothing before the first digest is written");
            }
        }
    }

    @Test
    void digestsMayReplaceTheirMessages() {
        byte[] nodes = Seed.bytes(Seed.random("Sha256Test"), 40 * Digest.BYTES);
        byte[] expected = new byte[20 * Digest.BYTES];
        MemorySegment source = MemorySegment.ofArray(nodes);
        Sha256.hashTagged((byte) 1, source, 0, 64, 64, 20, MemorySegment.ofArray(expected), 0);
        Sha256.hashTagged((byte) 1, source, 0, 64, 64, 20, source, 0);
        assertArrayEquals(expected, Arrays.copyOf(nodes, expected.length));
    }

    @Test
    void rangesOutsideTheSegmentsAreRefusedBeforeAnythingIsWritten() {
        MemorySegment source = MemorySegment.ofArray(new byte[256]);
        byte[] digests = new byte[64];
        MemorySegment out = MemorySegment.ofArray(digests);
        Class<? extends Exception> outOfBounds = IndexOutOfBoundsException.class;
        Sha256.hashTagged((byte) 0, source, 0, 128, 128, 2, out, 0);
        Arrays.fill(digests, (byte) 0);
        assertThrows(outOfBounds, () -> Sha256.hashTagged((byte) 0, source, 1, 128, 128, 2, out, 0));
        assertThrows(outOfBounds, () -> Sha256.hashTagged((byte) 0, source, -1, 128, 128, 2, out, 0));
        assertThrows(outOfBounds, () -> Sha256.hashTagged((byte) 0, source, 0, 64, 64, 2, out, 1));
        assertThrows(outOfBounds,
                () -> Sha256.hashTagged((byte) 0, source, 0, Long.MAX_VALUE / 2, 64, 3, out, 0));
        assertThrows(IllegalArgumentException.class, () -> Sha256.hashTagged((byte) 0, source, 0, 63, 64, 1, out, 0));
        assertThrows(IllegalArgumentException.class, () -> Sha256.hashTagged((byte) 0, source, 0, 64, -1, 1, out, 0));
        assertThrows(IllegalArgumentException.class, () -> Sha256.hashTagged((byte) 0, source, 0, 64, 64, -1, out, 0));
        assertThrows(IllegalArgumentException.class,
                () -> Sha256.hashTagged((byte) 0, source, 0, 64, 64, 1, out, 0, Digest.BYTES - 1));
        assertThrows(outOfBounds, () -> Sha256.hashTagged((byte) 0, source, 0, 64, 64, 2, out, 0, Digest.BYTES + 1));
        assertThrows(outOfBounds,
                () -> Sha256.hashTagged((byte) 0, source, 0, 64, 64, 3, out, 0, Long.MAX_VALUE / 2));
        Sha256.hashTagged((byte) 0, source, 256, 64, 64, 0, out, 64);
        assertArrayEquals(new byte[64], digests);
    }

    @Test
    @SuppressWarnings("NullAway") // a caller's mistake is what this is about
    void aCallThatFailsHalfWayDoesNotSpoilTheNext() {
        byte[] message = {1, 2, 3};
        Digest expected = Sha256.digest(message);
        byte[][] broken = {message, null};
        assertThrows(NullPointerException.class, () -> Sha256.digest(broken));
        assertEquals(expected, Sha256.digest(message));
        assertThrows(NullPointerException.class, () -> Sha256.digestTagged((byte) 7, broken));
        assertEquals(expected, Sha256.digestTagged((byte) 1, new byte[] {2, 3}));
    }

    @Test
    void threadsDoNotDisturbEachOther() {
        byte[] messages = Seed.bytes(Seed.random("Sha256Test"), 64 * 3000);
        List<Digest> alone = IntStream.range(0, 64).mapToObj(i -> digestOf(messages, i)).toList();
        List<Digest> together =
                IntStream.range(0, 64 * 20).parallel().mapToObj(i -> digestOf(messages, i % 64)).toList();
        for (int i = 0; i < together.size(); i++) {
            assertEquals(alone.get(i % 64), together.get(i));
        }
    }

    private static Digest digestOf(byte[] messages, int index) {
        byte[] digest = new byte[Digest.BYTES];
        MemorySegment source = MemorySegment.ofArray(messages);
        Sha256.hashTagged((byte) 9, source, 3000L * index, 3000, 3000, 1, MemorySegment.ofArray(digest), 0);
        byte[] message = Arrays.copyOfRange(messages, 3000 * index, 3000 * (index + 1));
        assertEquals(Digest.of(digest), Sha256.digestTagged((byte) 9, message));
        return Digest.of(digest);
    }

    @Test
    void aTagIsPaddedAsciiAndNothingElse() {
        byte[] tag = Tag.of("moraine/blob/v1");
        assertArrayEquals("moraine/blob/v1\0".getBytes(StandardCharsets.US_ASCII), tag);
        assertEquals(Tag.BYTES, Tag.of("sixteencharacter").length);
        assertThrows(IllegalArgumentException.class, () -> Tag.of("seventeencharacte"));
        assertThrows(IllegalArgumentException.class, () -> Tag.of(""));
        assertThrows(IllegalArgumentException.class, () -> Tag.of("moräne"));
        assertThrows(IllegalArgumentException.class, () -> Tag.of("padded\0"));
    }
}
