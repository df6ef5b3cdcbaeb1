package dev.moraine.proofs.hash;

import java.lang.foreign.MemorySegment;

/**
 * Hashes many messages of one length. There is one kernel a process, chosen at start by
 * {@link HashKernelChoice}; it may work on several messages at a time. All kernels give the same digests.
 *
 * <p>Implementations are thread-safe. They are called with ranges that {@link Sha256} has checked.
 */
interface Sha256Kernel {
    /** The name that {@code -Dmoraine.simd.hash} knows it by. */
    String name();

    /**
     * Writes the digests of {@code count} messages {@code tag ‖ source[offset + i·stride, + length)}.
     *
     * <p>Messages are read in ascending order, each before any digest at or after its own position is written. Source
     * and digests may therefore be the same memory, as long as digest {@code i} does not end beyond the end of message
     * {@code i}: that is how one level of a tree replaces another.
     *
     * @param tag the first byte of every message
     * @param source where the messages are
     * @param offset start of the first message
     * @param strideBytes distance from one start to the next
     * @param lengthBytes bytes of a message without its tag
     * @param count how many messages
     * @param digests where the digests go, 32 bytes each
     * @param digestOffset start of the first digest
     * @param digestStrideBytes distance from one digest to the next
     */
    void hashTagged(
            byte tag,
            MemorySegment source,
            long offset,
            long strideBytes,
            int lengthBytes,
            int count,
            MemorySegment digests,
            long digestOffset,
            long digestStrideBytes);
}
