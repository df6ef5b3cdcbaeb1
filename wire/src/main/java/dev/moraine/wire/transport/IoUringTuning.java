package dev.moraine.wire.transport;

/**
 * How io_uring moves bytes. Other kinds of transport do not look at it.
 *
 * @param ringBuffers receive buffers that the kernel fills by itself, for each event loop: a power of two up to 16,384;
 *     0 for none, and for kernels that have no such rings
 * @param ringBufferBytes the length of each
 * @param zeroCopyFromBytes from how many bytes on a write is handed to the network without a copy in the kernel, 0 for
 *     never. It saves nothing where the peer is on the same machine: the kernel copies then after all
 */
public record IoUringTuning(int ringBuffers, int ringBufferBytes, int zeroCopyFromBytes) {
    private static final int MAX_RING_BUFFERS = 1 << 14;
    private static final int MIN_BUFFER_BYTES = 1024;
    private static final int MAX_BUFFER_BYTES = 1 << 20;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public IoUringTuning {
        LimitCheck.range("ringBuffers", ringBuffers, 0, MAX_RING_BUFFERS);
        if (Integer.bitCount(ringBuffers) > 1) {
            throw new IllegalArgumentException("ringBuffers must be 0 or a power of two, but is " + ringBuffers);
        }
        LimitCheck.range("ringBufferBytes", ringBufferBytes, MIN_BUFFER_BYTES, MAX_BUFFER_BYTES);
        LimitCheck.range("zeroCopyFromBytes", zeroCopyFromBytes, 0, Integer.MAX_VALUE);
    }

    /**
     * What holds where nothing else is said.
     *
     * @return the defaults
     */
    public static IoUringTuning defaults() {
        return new IoUringTuning(64, 64 * 1024, 0);
    }
}
