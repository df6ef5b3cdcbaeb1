package dev.moraine.ingest.pipeline;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Off-heap memory for batches: leased, pooled by size class, and bounded by a budget.
 *
 * <p>Each pooled block is an arena of its own, so that idle blocks of one size give way to blocks of another. Leased
 * and idle blocks together never exceed the budget. The bytes of a lease are not cleared. All methods may be called by
 * any thread.
 */
final class BatchMemory implements AutoCloseable {
    /** Smallest block, and the granularity of the small size classes. */
    static final long MIN_BLOCK_BYTES = 4096;

    /** Where a block starts, so that any kernel width and cache line divides it. */
    static final long ALIGNMENT_BYTES = 64;

    /** Size classes from one power of two to the next: at most an eighth of a block is wasted. */
    private static final int CLASSES_PER_DOUBLING = 8;

    private final long budgetBytes;
    private final TreeMap<Long, ArrayDeque<Block>> idleBySize = new TreeMap<>();
    private long leasedBytes;
    private long idleBytes;
    private boolean closed;

    /**
     * Starts without any memory.
     *
     * @param budgetBytes upper limit of leased and idle memory together
     */
    BatchMemory(long budgetBytes) {
        this.budgetBytes = budgetBytes;
    }

    /**
     * The bytes that a lease takes from the budget.
     *
     * @param lengthBytes the bytes asked for, at least 1
     * @return the size of the block that serves it
     */
    static long blockBytes(long lengthBytes) {
        long step = Math.max(MIN_BLOCK_BYTES, Long.highestOneBit(lengthBytes - 1) / CLASSES_PER_DOUBLING);
        return Math.multiplyExact(Math.ceilDiv(lengthBytes, step), step);
    }

    /**
     * Leases a block.
     *
     * @param lengthBytes the bytes wanted, at least 1
     * @return the lease, or null when the budget (or the machine) does not have so much, or the memory is closed
     */
    @Nullable Lease tryLease(long lengthBytes) {
        long sizeBytes = blockBytes(lengthBytes);
        Block block;
        synchronized (this) {
            if (closed || sizeBytes > budgetBytes - leasedBytes) {
                return null;
            }
            block = takeIdle(sizeBytes);
            leasedBytes += sizeBytes;
            if (block == null) {
                evictIdleBeyond(budgetBytes - leasedBytes);
            }
        }
        if (block == null) {
            block = allocate(sizeBytes);
        }
        return block == null ? null : new Lease(block, lengthBytes);
    }

    /** {@return the bytes leased now} */
    synchronized long leasedBytes() {
        return leasedBytes;
    }

    /** {@return the bytes kept idle for later leases} */
    synchronized long idleBytes() {
        return idleBytes;
    }

    /** Frees idle memory at once and leased memory as it comes back; there are no leases any more. */
    @Override
    public synchronized void close() {
        closed = true;
        evictIdleBeyond(0);
    }

    private @Nullable Block takeIdle(long sizeBytes) {
        ArrayDeque<Block> blocks = idleBySize.get(sizeBytes);
        Block block = blocks == null ? null : blocks.pollLast();
        if (block != null) {
            idleBytes -= sizeBytes;
        }
        return block;
    }

    private void evictIdleBeyond(long keptBytes) {
        while (idleBytes > keptBytes) {
            Map.Entry<Long, ArrayDeque<Block>> largest = idleBySize.lastEntry();
            Block block = largest.getValue().pollLast();
            if (block == null) {
                idleBySize.remove(largest.getKey());
            } else {
                idleBytes -= block.sizeBytes();
                block.arena().close();
            }
        }
    }

    /** Outside the lock, because a fresh block is zeroed: that takes long for a large one. */
    private @Nullable Block allocate(long sizeBytes) {
        Arena arena = Arena.ofShared();
        try {
            return new Block(arena, arena.allocate(sizeBytes, ALIGNMENT_BYTES), sizeBytes);
        } catch (OutOfMemoryError tooLittleMemory) {
            // The budget promised more than -XX:MaxDirectMemorySize or the machine has; the caller is told to retry.
            arena.close();
            synchronized (this) {
                leasedBytes -= sizeBytes;
            }
            return null;
        }
    }

    private synchronized void takeBack(Block block) {
        leasedBytes -= block.sizeBytes();
        if (closed) {
            block.arena().close();
            return;
        }
        idleBytes += block.sizeBytes();
        idleBySize.computeIfAbsent(block.sizeBytes(), size -> new ArrayDeque<>()).addLast(block);
    }

    private record Block(Arena arena, MemorySegment segment, long sizeBytes) {}

    /** A block in use. Whoever leased it closes it, once nothing reads or writes the segment any more. */
    final class Lease implements AutoCloseable {
        private final MemorySegment segment;
        private @Nullable Block block;

        private Lease(Block block, long lengthBytes) {
            this.block = block;
            this.segment = block.segment().asSlice(0, lengthBytes);
        }

        /** {@return the leased bytes, exactly as many as asked for, valid until {@link #close()}} */
        MemorySegment segment() {
            return segment;
        }

        /** Gives the block back; further calls do nothing. */
        @Override
        public void close() {
            Block returned;
            synchronized (this) {
                returned = block;
                block = null;
            }
            if (returned != null) {
                takeBack(returned);
            }
        }
    }
}
