package dev.moraine.wire.transport;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** The counters of a server or a connection, from its start on. Thread-safe. */
public final class TransportCounters {
    private final Map<TransportCounter, LongAdder> adders = new EnumMap<>(TransportCounter.class);

    TransportCounters() {
        for (TransportCounter counter : TransportCounter.values()) {
            adders.put(counter, new LongAdder());
        }
    }

    /**
     * Reads one counter.
     *
     * @param counter which
     * @return its value, which other threads may be raising
     */
    public long get(TransportCounter counter) {
        return adder(counter).sum();
    }

    /**
     * Reads all counters.
     *
     * @return a copy
     */
    public Map<TransportCounter, Long> snapshot() {
        Map<TransportCounter, Long> values = new EnumMap<>(TransportCounter.class);
        adders.forEach((counter, adder) -> values.put(counter, adder.sum()));
        return values;
    }

    void increment(TransportCounter counter) {
        adder(counter).increment();
    }

    void add(TransportCounter counter, long amount) {
        adder(counter).add(amount);
    }

    @SuppressWarnings("NullAway") // The constructor gave every counter an adder.
    private LongAdder adder(TransportCounter counter) {
        return adders.get(counter);
    }
}
