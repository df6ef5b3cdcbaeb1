package dev.moraine.proofs.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The vectors that NIST tests implementations with, through both ways to hash; the file says where they come from. */
class NistVectorTest {
    private static final int MESSAGES = 16;
    private static final int ROUNDS_OF_CHECKPOINT = 1000;

    private final Sha256Kernel kernel = HashKernelChoice.kernelAtStart();

    @Test
    void shortAndLongMessagesHaveTheirDigests() {
        int messages = 0;
        for (String[] words : lines("message")) {
            byte[] message = words[1].equals("-") ? new byte[0] : HexFormat.of().parseHex(words[1]);
            assertEquals(words[2], Sha256.digest(message).toString());
            if (message.length > 0) {
                assertEquals(words[2], inLanes(message).toString());
            }
            messages++;
        }
        assertTrue(messages > 70, () -> "the file has lost messages");
    }

    @Test
    void theMonteCarloTestPassesItsCheckpoints() {
        byte[] seed = HexFormat.of().parseHex(lines("seed").getFirst()[1]);
        List<String[]> checkpoints = lines("checkpoint");
        assertEquals(10, checkpoints.size());
        for (String[] checkpoint : checkpoints) {
            byte[] lastThree = new byte[3 * Digest.BYTES];
            for (int i = 0; i < 3; i++) {
                System.arraycopy(seed, 0, lastThree, i * Digest.BYTES, Digest.BYTES);
            }
            for (int round = 0; round < ROUNDS_OF_CHECKPOINT; round++) {
                Digest next = inLanes(lastThree);
                System.arraycopy(lastThree, Digest.BYTES, lastThree, 0, 2 * Digest.BYTES);
                next.copyTo(lastThree, 2 * Digest.BYTES);
            }
            seed = Digest.of(lastThree, 2 * Digest.BYTES).toBytes();
            assertEquals(checkpoint[2], HexFormat.of().formatHex(seed));
        }
    }

    /** Hashes a message once in every lane, its first byte as tag. */
    private Digest inLanes(byte[] message) {
        byte[] digests = new byte[MESSAGES * Digest.BYTES];
        MemorySegment source = MemorySegment.ofArray(message);
        MemorySegment out = MemorySegment.ofArray(digests);
        kernel.hashTagged(message[0], source, 1, 0, message.length - 1, MESSAGES, out, 0, Digest.BYTES);
        for (int i = 1; i < MESSAGES; i++) {
            assertEquals(Digest.of(digests, 0), Digest.of(digests, i * Digest.BYTES));
        }
        return Digest.of(digests, 0);
    }

    private static List<String[]> lines(String kind) {
        try (InputStream in = NistVectorTest.class.getResourceAsStream("nist-sha256.txt")) {
            assertTrue(in != null, "nist-sha256.txt is missing");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(kind + " "))
                    .map(line -> line.split(" ", -1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
