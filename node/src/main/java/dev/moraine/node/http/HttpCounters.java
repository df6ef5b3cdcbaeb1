package dev.moraine.node.http;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** The counters of one HTTP server, from its start on. Thread-safe. */
public final class HttpCounters {
    private final Map<HttpCounter, LongAdder> adders = new EnumMap<>(HttpCounter.class);
    // Statuses come from this program and not from clients, so that there are only a few.
    private final Map<Integer, LongAdder> answers = new ConcurrentHashMap<>();
    private final AtomicInteger openConnections = new AtomicInteger();
    private final AtomicLong bodyBytes = new AtomicLong();

    /** Counters at zero. */
    HttpCounters() {
        for (HttpCounter counter : HttpCounter.values()) {
            adders.put(counter, new LongAdder());
        }
    }

    /**
     * Reads one counter.
     *
     * @param counter which
     * @return its value, which other threads may be raising
     */
    public long get(HttpCounter counter) {
        return adder(counter).sum();
    }

    /**
     * How many answers were given.
     *
     * @return by status, ascending
     */
    public SortedMap<Integer, Long> answers() {
        SortedMap<Integer, Long> counts = new TreeMap<>();
        answers.forEach((status, adder) -> counts.put(status, adder.sum()));
        return counts;
    }

    /** {@return connections that are open now} */
    public int openConnections() {
        return openConnections.get();
    }

    /** {@return memory that request bodies hold now, in bytes} */
    public long bodyBytes() {
        return bodyBytes.get();
    }

    void add(HttpCounter counter) {
        adder(counter).increment();
    }

    void add(HttpCounter counter, long amount) {
        adder(counter).add(amount);
    }

    void addAnswer(int status) {
        answers.computeIfAbsent(status, _ -> new LongAdder()).increment();
    }

    /** The connections that are open, to be raised and lowered. */
    AtomicInteger connectionGauge() {
        return openConnections;
    }

    /** The memory of bodies, to be raised and lowered. */
    AtomicLong bodyGauge() {
        return bodyBytes;
    }

    private LongAdder adder(HttpCounter counter) {
        return Objects.requireNonNull(adders.get(counter));
    }
}
