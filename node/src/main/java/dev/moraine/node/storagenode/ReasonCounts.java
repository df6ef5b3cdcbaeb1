package dev.moraine.node.storagenode;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One counter for each value of an enum. Thread-safe.
 *
 * @param <E> the enum
 */
final class ReasonCounts<E extends Enum<E>> {
    // Filled once and only read afterwards.
    private final Map<E, AtomicLong> counts;

    /**
     * Counters at zero.
     *
     * @param type the enum
     */
    ReasonCounts(Class<E> type) {
        counts = new EnumMap<>(type);
        for (E value : type.getEnumConstants()) {
            counts.put(value, new AtomicLong());
        }
    }

    /**
     * A count.
     *
     * @param value what was counted
     * @return how often
     */
    long get(E value) {
        return of(value).get();
    }

    /**
     * Counts once more.
     *
     * @param value what to count
     */
    void increment(E value) {
        of(value).incrementAndGet();
    }

    private AtomicLong of(E value) {
        return Objects.requireNonNull(counts.get(value));
    }
}
