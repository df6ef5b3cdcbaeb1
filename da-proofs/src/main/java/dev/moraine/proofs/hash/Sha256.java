package dev.moraine.proofs.hash;

import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;

/**
 * SHA-256 (FIPS 180-4), of a few small parts or of many equally long pieces of memory.
 *
 * <p>Thread-safe: every thread hashes with its own state.
 */
public final class Sha256 {
    private static final Sha256Kernel KERNEL = HashKernelChoice.kernelAtStart();
    private static final ThreadLocal<MessageDigest> MESSAGE_DIGEST = ThreadLocal.withInitial(Sha256::newMessageDigest);

    private Sha256() {}

    /**
     * The kernel that hashes many messages at once.
     *
     * @return a value of {@code -Dmoraine.simd.hash}: bits of a vector, or {@code scalar} for the JDK's own
     */
    public static String kernelName() {
        return KERNEL.name();
    }

    /**
     * Hashes parts as if they were one message. Nothing marks where a part ends: a caller hashes fixed-width parts.
     *
     * @param parts the message, in order
     * @return its digest
     */
    public static Digest digest(byte[]... parts) {
        return finish(fresh(), parts);
    }

    /**
     * Hashes {@code tag ‖ parts} as one message.
     *
     * @param tag the first byte
     * @param parts the rest of the message, in order
     * @return its digest
     */
    public static Digest digestTagged(byte tag, byte[]... parts) {
        MessageDigest sha256 = fresh();
        sha256.update(tag);
        return finish(sha256, parts);
    }

    /**
     * Hashes {@code count} messages {@code tag ‖ source[offset + i·stride, + length)} to consecutive digests, as
     * {@link #hashTagged(byte, MemorySegment, long, long, int, int, MemorySegment, long, long)} does.
     *
     * @param tag the first byte of every message
     * @param source where the messages are
     * @param offset start of the first message
     * @param strideBytes distance from one start to the next, at least {@code lengthBytes}
     * @param lengthBytes bytes of a message without its tag
     * @param count how many messages
     * @param digests where the digests go, 32 bytes each
     * @param digestOffset start of the first digest
     * @throws IndexOutOfBoundsException if messages or digests reach out of their segments; nothing is written then
     * @throws IllegalArgumentException if a length, stride or count is negative, or messages overlap
     */
    public static void hashTagged(
            byte tag,
            MemorySegment source,
            long offset,
            long strideBytes,
            int lengthBytes,
            int count,
            MemorySegment digests,
            long digestOffset) {
        hashTagged(tag, source, offset, strideBytes, lengthBytes, count, digests, digestOffset, Digest.BYTES);
    }

    /**
     * Hashes {@code count} messages {@code tag ‖ source[offset + i·stride, + length)} to digests at equal distances.
     *
     * <p>Source and digests may be the same memory, as long as digest {@code i} does not end beyond the end of message
     * {@code i}.
     *
     * @param tag the first byte of every message
     * @param source where the messages are
     * @param offset start of the first message
     * @param strideBytes distance from one start to the next, at least {@code lengthBytes}
     * @param lengthBytes bytes of a message without its tag
     * @param count how many messages
     * @param digests where the digests go, 32 bytes each
     * @param digestOffset start of the first digest
     * @param digestStrideBytes distance from one digest to the next, at least 32
     * @throws IndexOutOfBoundsException if messages or digests reach out of their segments; nothing is written then
     * @throws IllegalArgumentException if a length or count is negative, or messages or digests overlap
     */
    public static void hashTagged(
            byte tag,
            MemorySegment source,
            long offset,
            long strideBytes,
            int lengthBytes,
            int count,
            MemorySegment digests,
            long digestOffset,
            long digestStrideBytes) {
        if (lengthBytes < 0 || count < 0 || strideBytes < lengthBytes || digestStrideBytes < Digest.BYTES) {
            throw new IllegalArgumentException("messages must have a length and a count of at least 0, and neither they"
                    + " nor digests may overlap, but lengthBytes is " + lengthBytes + ", strideBytes " + strideBytes
                    + ", count " + count + ", digestStrideBytes " + digestStrideBytes);
        }
        if (count == 0) {
            return;
        }
        if (Math.max(strideBytes, digestStrideBytes) > Long.MAX_VALUE / count) {
            throw new IndexOutOfBoundsException(
                    count + " times " + Math.max(strideBytes, digestStrideBytes) + " bytes fit no segment");
        }
        Objects.checkFromIndexSize(offset, strideBytes * (count - 1L) + lengthBytes, source.byteSize());
        Objects.checkFromIndexSize(
                digestOffset, digestStrideBytes * (count - 1L) + Digest.BYTES, digests.byteSize());
        KERNEL.hashTagged(
                tag, source, offset, strideBytes, lengthBytes, count, digests, digestOffset, digestStrideBytes);
    }

    /**
     * A fresh SHA-256 of the JDK.
     *
     * @return a new message digest
     */
    static MessageDigest newMessageDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The thread's message digest without what a call that failed half-way may have left in it. */
    private static MessageDigest fresh() {
        MessageDigest sha256 = MESSAGE_DIGEST.get();
        sha256.reset();
        return sha256;
    }

    private static Digest finish(MessageDigest sha256, byte[]... parts) {
        for (byte[] part : parts) {
            sha256.update(part);
        }
        return Digest.of(sha256.digest());
    }
}
