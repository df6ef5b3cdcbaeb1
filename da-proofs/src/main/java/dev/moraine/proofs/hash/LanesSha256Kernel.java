package dev.moraine.proofs.hash;

import java.lang.foreign.MemorySegment;

/**
 * One message a lane of a vector, as many as there are lanes together. What would not fill half of the lanes goes through
 * the JDK.
 *
 * <p>Thread-safe; allocates nothing per message.
 */
final class LanesSha256Kernel implements Sha256Kernel {
    /** Fewer messages are hashed sooner one after the other than with lanes that repeat one. */
    private static final int LEAST_MESSAGES = LaneWidth.LANES / 2 + 1;

    private static final ThreadLocal<LaneGroup> GROUP = ThreadLocal.withInitial(LaneGroup::new);

    private final Sha256Kernel jdk = new JdkSha256Kernel();

    @Override
    public String name() {
        return Integer.toString(LaneWidth.SPECIES.vectorBitSize());
    }

    @Override
    public void hashTagged(
            byte tag,
            MemorySegment source,
            long offset,
            long strideBytes,
            int lengthBytes,
            int count,
            MemorySegment digests,
            long digestOffset,
            long digestStrideBytes) {
        int hashed = 0;
        if (count >= LEAST_MESSAGES) {
            LaneGroup group = GROUP.get();
            while (count - hashed >= LEAST_MESSAGES) {
                int messages = Math.min(LaneWidth.LANES, count - hashed);
                group.hash(tag, source, offset + hashed * strideBytes, strideBytes, lengthBytes, messages);
                group.writeDigests(messages, digests, digestOffset + hashed * digestStrideBytes, digestStrideBytes);
                hashed += messages;
            }
        }
        if (hashed < count) {
            long next = offset + hashed * strideBytes;
            long nextDigest = digestOffset + hashed * digestStrideBytes;
            jdk.hashTagged(
                    tag,
                    source,
                    next,
                    strideBytes,
                    lengthBytes,
                    count - hashed,
                    digests,
                    nextDigest,
                    digestStrideBytes);
        }
    }
}
