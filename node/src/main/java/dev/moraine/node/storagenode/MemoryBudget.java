package dev.moraine.node.storagenode;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes of memory that may be held at once for bodies of bundles. Whoever reserves, releases, exactly once.
 *
 * <p>Thread-safe.
 */
final class MemoryBudget {
    private final long limitBytes;
    private final AtomicLong usedBytes = new AtomicLong();

    /**
     * An unused budget.
     *
     * @param limitBytes how much may be reserved together
     */
    MemoryBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /**
     * Reserves memory, if there is so much.
     *
     * @param bytes how much, not negative
     * @return whether it is reserved
     */
    boolean tryReserve(long bytes) {
        long used = usedBytes.get();
        while (bytes <= limitBytes - used) {
            if (usedBytes.compareAndSet(used, used + bytes)) {
                return true;
            }
            used = usedBytes.get();
        }
        return false;
    }

    /**
     * Gives memory back.
     *
     * @param bytes how much, as reserved
     */
    void release(long bytes) {
        if (usedBytes.addAndGet(-bytes) < 0) {
            throw new IllegalStateException("more memory released than reserved");
        }
    }

    /**
     * What is reserved.
     *
     * @return bytes
     */
    long usedBytes() {
        return usedBytes.get();
    }
}
