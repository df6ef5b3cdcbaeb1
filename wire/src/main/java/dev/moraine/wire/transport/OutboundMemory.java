package dev.moraine.wire.transport;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The memory of what a server has to send and its clients have not read. When it is used up, the address that uses most
 * of it gives way: if that is whom something is to be sent to, it is not, else the connection of that address with the
 * most unread is given up. Thread-safe.
 */
final class OutboundMemory {
    /** A connection that holds memory. */
    interface Holder {
        /** Whose it is; equal for connections that share a fate. */
        Object address();

        /** How much waits in it. */
        long outboundBytes();

        /** Gives the connection up, soon. Any thread. */
        void evictOutbound();
    }

    private final long maxBytes;
    private final Supplier<? extends Iterable<? extends Holder>> holders;
    private final AtomicLong usedBytes = new AtomicLong();

    /**
     * No memory is in use.
     *
     * @param holders finds all connections
     */
    OutboundMemory(long maxBytes, Supplier<? extends Iterable<? extends Holder>> holders) {
        this.maxBytes = maxBytes;
        this.holders = holders;
    }

    /** Counts what a connection is about to hold, if there is room or room can be made. */
    boolean reserve(Holder holder, long bytes) {
        if (usedBytes.addAndGet(bytes) <= maxBytes) {
            return true;
        }
        Holder victim = victimFor(holder);
        if (victim == null) {
            usedBytes.addAndGet(-bytes);
            return false;
        }
        victim.evictOutbound();
        return true;
    }

    /** Counts what is held no more. */
    void release(long bytes) {
        usedBytes.addAndGet(-bytes);
    }

    long usedBytes() {
        return usedBytes.get();
    }

    /** Whose end makes room for another; null if the other itself is who holds the most. */
    private @Nullable Holder victimFor(Holder asking) {
        Map<Object, Long> byAddress = new HashMap<>();
        Map<Object, Holder> largest = new HashMap<>();
        Object most = asking.address();
        for (Holder each : holders.get()) {
            Object address = each.address();
            long sum = byAddress.merge(address, each.outboundBytes(), Long::sum);
            if (sum > byAddress.getOrDefault(most, 0L)) {
                most = address;
            }
            largest.merge(address, each, (a, b) -> a.outboundBytes() >= b.outboundBytes() ? a : b);
        }
        return most.equals(asking.address()) ? null : largest.get(most);
    }
}
