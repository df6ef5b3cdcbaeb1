package dev.moraine.benchmarks.commit;

import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.hash.Sha256;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Messages of one length, through Moraine's kernel and through the JDK: plain bytes in memory in, digests out. */
final class HashSpeed {
    private static final int MESSAGES = 256;

    private final int lengthBytes;
    private final MemorySegment source;
    private final MemorySegment digests;
    private final byte[] message;
    private final byte[] digest = new byte[Digest.BYTES];
    private final MessageDigest jdk;

    /**
     * Fills memory.
     *
     * @param arena owns it
     * @param lengthBytes bytes of a message besides its tag
     */
    HashSpeed(Arena arena, int lengthBytes) {
        this.lengthBytes = lengthBytes;
        source = arena.allocate((long) MESSAGES * lengthBytes, 64);
        for (long i = 0; i < source.byteSize(); i++) {
            source.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 31 + i / 251));
        }
        digests = arena.allocate((long) MESSAGES * Digest.BYTES, 64);
        message = new byte[1 + lengthBytes];
        try {
            jdk = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Waits for kernel and JDK to be compiled. */
    void warmUp() {
        Stopwatch.warmUp(this::hashInLanes);
        Stopwatch.warmUp(this::hashOne);
    }

    /** GB/s of bytes without tag through the kernel of this process. */
    double lanes(long millis) {
        return source.byteSize() / Stopwatch.cpuNanos(millis, this::hashInLanes);
    }

    /** GB/s of the same bytes through the JDK, from an array, without the cost of getting them there. */
    double jdk(long millis) {
        return lengthBytes / Stopwatch.cpuNanos(millis, this::hashOne);
    }

    private void hashInLanes() {
        Sha256.hashTagged((byte) 0, source, 0, lengthBytes, lengthBytes, MESSAGES, digests, 0);
    }

    private void hashOne() {
        jdk.update(message, 0, message.length);
        try {
            jdk.digest(digest, 0, digest.length);
        } catch (DigestException e) {
            throw new IllegalStateException("a digest has 32 bytes", e);
        }
    }
}
