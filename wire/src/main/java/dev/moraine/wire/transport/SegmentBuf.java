package dev.moraine.wire.transport;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Native memory of somebody else as a buffer to write from. That Netty lets go of the buffer, which happens once on
 * every path, written or not, is what tells the owner.
 */
public final class SegmentBuf extends UnpooledDirectByteBuf {
    // A thread that owns no arena: what it may access, every thread may.
    private static final Thread STRANGER = Thread.ofPlatform().unstarted(() -> {});

    private final Runnable whenReleased;

    /**
     * Wraps memory for which {@link #canWrap} holds.
     *
     * @param allocator the channel's allocator
     * @param segment the memory, alive and unchanged until it is released
     * @param whenReleased called once, by any thread
     */
    public SegmentBuf(ByteBufAllocator allocator, MemorySegment segment, Runnable whenReleased) {
        super(allocator, view(segment), (int) segment.byteSize());
        this.whenReleased = whenReleased;
    }

    /**
     * Whether an event loop may write from the memory as it is: any thread may access it, and no access waits for a
     * disk.
     *
     * @param segment the memory
     * @return true if it may
     */
    public static boolean canWrap(MemorySegment segment) {
        return segment.isNative()
                && !segment.isMapped()
                && segment.scope().isAlive()
                && segment.isAccessibleBy(STRANGER);
    }

    @SuppressWarnings("restricted") // Netty wraps writable memory only; nobody writes to this buffer.
    private static ByteBuffer view(MemorySegment segment) {
        return segment.isReadOnly()
                ? MemorySegment.ofAddress(segment.address()).reinterpret(segment.byteSize()).asByteBuffer()
                : segment.asByteBuffer();
    }

    @Override
    protected void deallocate() {
        super.deallocate();
        whenReleased.run();
    }
}
