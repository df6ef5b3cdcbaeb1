package dev.moraine.proofs.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.moraine.testing.Seed;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel of this process gives the digests of the JDK, for every length, count, address and kind of memory. */
class HashKernelTest {
    private static final int MOST_LANES = 16;
    private static final int LONGEST = 1100;
    private static final long MAX_WARM_UP_NS = 30_000_000_000L;

    private final Random random = Seed.random("HashKernelTest");
    private final Sha256Kernel kernel = HashKernelChoice.kernelAtStart();
    private final Sha256Kernel jdk = new JdkSha256Kernel();

    @Test
    void everyLengthIsHashedAsTheJdkDoes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = random(arena, 3L * MOST_LANES * (LONGEST + 3));
            for (int length = 0; length <= LONGEST; length++) {
                int count = MOST_LANES + random.nextInt(MOST_LANES);
                check(memory, random.nextInt(4), length + random.nextInt(4), length, count);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 54, 55, 62, 63, 64, 65, 118, 119, 126, 127, 128, 576, 1024})
    void everyNumberOfMessagesIsHashedAsTheJdkDoes(int length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = random(arena, 3L * MOST_LANES * (length + 1));
            for (int count = 0; count <= 2 * MOST_LANES + 1; count++) {
                check(memory, 0, length, length, count);
                check(memory, 1, length + 1, length, count);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 63, 64, 100, 1024})
    void memoryOnTheHeapIsHashedAsTheJdkDoes(int length) {
        byte[] bytes = Seed.bytes(random, 40 * (length + 3));
        for (int offset = 0; offset < 3; offset++) {
            check(MemorySegment.ofArray(bytes), offset, length + 2, length, 37);
        }
        check(MemorySegment.ofArray(bytes).asReadOnly(), 0, length, length, 37);
    }

    @ParameterizedTest
    @ValueSource(ints = {31, 32, 63, 64, 65, 100, 1024})
    void digestsMayReplaceTheirMessagesWhateverTheCount(int length) {
        for (int count = 1; count <= 3 * MOST_LANES; count++) {
            byte[] bytes = Seed.bytes(random, count * Math.max(length, Digest.BYTES) + Digest.BYTES);
            MemorySegment memory = MemorySegment.ofArray(bytes);
            byte[] expected = new byte[count * Digest.BYTES];
            int offset = Math.max(0, Digest.BYTES - length);
            int stride = Math.max(length, Digest.BYTES);
            jdk.hashTagged((byte) 1, memory, offset, stride, length, count, MemorySegment.ofArray(expected), 0, Digest.BYTES);
            kernel.hashTagged((byte) 1, memory, offset, stride, length, count, memory, 0, Digest.BYTES);
            assertEquals(-1, MemorySegment.mismatch(
                    MemorySegment.ofArray(expected), 0, expected.length, memory, 0, expected.length),
                    count + " messages");
        }
    }

    @Test
    void lengthsBeyondAChunkAreHashedAsTheJdkDoes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = random(arena, 17L * 9000);
            for (int length : new int[] {1536, 2047, 2048, 2049, 4095, 4096, 5000, 8192, 9000}) {
                check(memory, 0, length, length, 17);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 576, 1000, 1024})
    void hashingAllocatesNothing(int length) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Assumptions.assumeTrue(threads.getCurrentThreadAllocatedBytes() >= 0, "this JVM does not count allocations");
        int count = 3 * MOST_LANES + 1;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = random(arena, (long) count * length);
            MemorySegment digests = arena.allocate((long) count * Digest.BYTES);
            long least = Long.MAX_VALUE;
            long start = System.nanoTime();
            // The least of many windows: class loading allocates, and so do vectors until they are compiled.
            while (least > 0 && System.nanoTime() - start < MAX_WARM_UP_NS) {
                long before = threads.getCurrentThreadAllocatedBytes();
                Sha256.hashTagged((byte) 0, memory, 0, length, length, count, digests, 0);
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertEquals(0, least);
        }
    }

    @Test
    void theKernelOfTheProcessIsTheOneThatWasChosen() {
        assertEquals(HashKernelChoice.atStart().name(), Sha256.kernelName());
        assertTrue(kernel.name().equals("scalar") == (kernel instanceof JdkSha256Kernel), kernel.name());
    }

    /** Compares the kernel with the JDK's; nothing around the digests may be touched. */
    private void check(MemorySegment source, long offset, int stride, int length, int count) {
        byte tag = (byte) random.nextInt();
        int gap = Digest.BYTES + random.nextInt(3);
        byte[] expected = Seed.bytes(random, count * gap + 10);
        byte[] actual = expected.clone();
        jdk.hashTagged(tag, source, offset, stride, length, count, MemorySegment.ofArray(expected), 5, gap);
        kernel.hashTagged(tag, source, offset, stride, length, count, MemorySegment.ofArray(actual), 5, gap);
        assertEquals(
                -1,
                Arrays.mismatch(expected, actual),
                () -> count + " messages of " + length + " bytes, " + stride + " apart, from " + offset);
    }

    private MemorySegment random(Arena arena, long bytes) {
        return arena.allocate(bytes, 64).copyFrom(MemorySegment.ofArray(Seed.bytes(random, (int) bytes)));
    }
}
