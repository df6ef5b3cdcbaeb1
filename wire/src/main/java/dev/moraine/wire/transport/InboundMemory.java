package dev.moraine.wire.transport;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The memory in which a server puts frames together that have not come whole, for all its connections. When it is used
 * up, the address that uses most of it gives way: if that is who asks, the asker is refused, else its oldest unfinished
 * frame is given up. So whoever begins many frames and ends none starves nobody else. Thread-safe.
 */
final class InboundMemory {
    /** Who holds memory. */
    interface Holder {
        /** Whose it is; equal for connections that share a fate. */
        Object address();

        /** Takes the memory away, which no longer counts as held; what holds it must be freed soon. Any thread. */
        void evict();
    }

    private final long maxBytes;
    private final Map<Holder, Long> held = new LinkedHashMap<>();
    private final Map<Object, Long> byAddress = new HashMap<>();
    private long usedBytes;

    InboundMemory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Memory without a limit, for a client, which chose whom it hears. */
    static InboundMemory unlimited() {
        return new InboundMemory(Long.MAX_VALUE);
    }

    /** Adds to what a holder has, if there is room or room can be made. */
    synchronized boolean reserve(Holder holder, int bytes) {
        while (usedBytes > maxBytes - bytes) {
            Holder victim = victimFor(holder, bytes);
            if (victim == null) {
                return false;
            }
            release(victim);
            victim.evict();
        }
        held.merge(holder, (long) bytes, Long::sum);
        byAddress.merge(holder.address(), (long) bytes, Long::sum);
        usedBytes += bytes;
        return true;
    }

    /** Gives back all that a holder has. */
    synchronized void release(Holder holder) {
        Long bytes = held.remove(holder);
        if (bytes != null) {
            usedBytes -= bytes;
            byAddress.computeIfPresent(holder.address(), (_, sum) -> sum.equals(bytes) ? null : sum - bytes);
        }
    }

    /** How much is held. */
    synchronized long usedBytes() {
        return usedBytes;
    }

    private @Nullable Holder victimFor(Holder holder, int bytes) {
        Object largest = holder.address();
        long largestBytes = byAddress.getOrDefault(largest, 0L) + bytes;
        for (Map.Entry<Object, Long> other : byAddress.entrySet()) {
            if (other.getValue() > largestBytes) {
                largest = other.getKey();
                largestBytes = other.getValue();
            }
        }
        if (largest.equals(holder.address())) {
            return null;
        }
        for (Holder each : held.keySet()) {
            if (each.address().equals(largest)) {
                return each;
            }
        }
        return null;
    }
}
