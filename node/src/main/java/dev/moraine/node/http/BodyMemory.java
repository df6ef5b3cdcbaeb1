package dev.moraine.node.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The server's own memory for request bodies, bounded by a budget over all connections. Thread-safe. */
final class BodyMemory {
    private final long budgetBytes;
    private final AtomicLong usedBytes;

    /**
     * Memory that nobody uses.
     *
     * @param budgetBytes most bytes at a time
     * @param usedBytes shows the bytes in use
     */
    BodyMemory(long budgetBytes, AtomicLong usedBytes) {
        this.budgetBytes = budgetBytes;
        this.usedBytes = usedBytes;
    }

    /**
     * Gives memory, as long as there is some.
     *
     * @param allocator where it comes from
     * @param lengthBytes how much, at least 1
     * @return the memory, or null
     */
    @Nullable Block tryTake(ByteBufAllocator allocator, int lengthBytes) {
        long before = usedBytes.getAndAdd(lengthBytes);
        if (before + lengthBytes > budgetBytes) {
            usedBytes.addAndGet(-lengthBytes);
            return null;
        }
        return new Block(allocator.directBuffer(lengthBytes, lengthBytes), lengthBytes);
    }

    /** A piece of the memory. */
    final class Block implements ReceivedBody {
        private final ByteBuf buffer;
        private final int lengthBytes;
        private final MemorySegment bytes;
        private final AtomicBoolean isReleased = new AtomicBoolean();

        private Block(ByteBuf buffer, int lengthBytes) {
            this.buffer = buffer;
            this.lengthBytes = lengthBytes;
            this.bytes = MemorySegment.ofBuffer(buffer.nioBuffer(0, lengthBytes));
        }

        @Override
        public MemorySegment bytes() {
            return bytes;
        }

        @Override
        public void release() {
            if (isReleased.compareAndSet(false, true)) {
                buffer.release();
                usedBytes.addAndGet(-lengthBytes);
            }
        }
    }
}
