package dev.moraine.proofs.hash;

import dev.moraine.codec.SimdChoice;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.DigestException;
import java.security.MessageDigest;

/**
 * One message after the other through the JDK's {@link MessageDigest}, which uses the processor's SHA instructions
 * where there are any. Allocates nothing per message: the bytes pass through a small array of the thread.
 */
final class JdkSha256Kernel implements Sha256Kernel {
    /** Bytes that are handed to the digest at once; a chunk with its tag fits. */
    private static final int WINDOW_BYTES = 2048;

    private static final ThreadLocal<State> STATE = ThreadLocal.withInitial(State::new);

    @Override
    public String name() {
        return SimdChoice.SCALAR;
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
        State state = STATE.get();
        for (int i = 0; i < count; i++) {
            state.hash(tag, source, offset + i * strideBytes, lengthBytes);
            long at = digestOffset + i * digestStrideBytes;
            MemorySegment.copy(state.window, 0, digests, ValueLayout.JAVA_BYTE, at, Digest.BYTES);
        }
    }

    /** What a thread needs in order to hash: its digest and its window. */
    private static final class State {
        private final MessageDigest sha256 = Sha256.newMessageDigest();
        private final byte[] window = new byte[WINDOW_BYTES];

        /** Leaves the digest in the first 32 bytes of the window. */
        void hash(byte tag, MemorySegment source, long start, int lengthBytes) {
            // Memory that is closed meanwhile makes a copy fail half-way through a message.
            sha256.reset();
            window[0] = tag;
            int filled = 1;
            int taken = 0;
            while (taken < lengthBytes) {
                int step = Math.min(lengthBytes - taken, WINDOW_BYTES - filled);
                MemorySegment.copy(source, ValueLayout.JAVA_BYTE, start + taken, window, filled, step);
                sha256.update(window, 0, filled + step);
                taken += step;
                filled = 0;
            }
            if (lengthBytes == 0) {
                sha256.update(tag);
            }
            try {
                sha256.digest(window, 0, Digest.BYTES);
            } catch (DigestException e) {
                throw new IllegalStateException("the window is shorter than a digest", e);
            }
        }
    }
}
