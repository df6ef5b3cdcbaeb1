package dev.moraine.sampling.read;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A bounded cache of what is expensive to get: however many threads want the same at the same time, one gets it, and the
 * others wait for what it brings. The longest unused values are dropped first.
 *
 * <p>Thread-safe.
 *
 * @param <K> what is wanted, with a value's {@code equals}
 * @param <V> what is got
 */
final class SingleFlight<K, V> {
    /** Gets a value the expensive way. */
    interface Source<V, E extends Exception> {
        V get() throws E, InterruptedException;
    }

    /** How values are kept and passed on. */
    interface Rules<V> {
        /** Whether the value is as good for everybody as for whoever got it. */
        boolean isFinal(V value);

        /** What keeping it costs, in bytes. Called for final values only. */
        long keptBytes(V value);

        /** The value for another holder. */
        V share(V value);

        /** Called for each share that is not passed on, and for each kept one that is dropped. */
        void release(V value);
    }

    private final class Flight {
        private final Condition landed = lock.newCondition();
        private boolean isOver;
        private int waiting;
        private @Nullable V value;
    }

    private record Kept<V>(V value, long bytes) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Rules<V> rules;
    private final long maxBytes;
    private final Map<K, Flight> flights = new HashMap<>();
    private final Map<K, Kept<V>> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long keptBytes;

    /**
     * Keeps nothing yet.
     *
     * @param maxBytes how many bytes of values are kept, at least 0
     * @param rules how they are kept
     */
    SingleFlight(long maxBytes, Rules<V> rules) {
        this.maxBytes = maxBytes;
        this.rules = rules;
    }

    /**
     * Gives a value that is kept, or that another thread is getting, or gets it.
     *
     * @param key what is wanted
     * @param deadline how long to wait for another thread
     * @param source gets the value; its deadline is this one
     * @return the caller's share of the value; null if the deadline passed while another thread was at it
     * @throws E if the source throws it
     * @throws InterruptedException if the thread is interrupted
     */
    <E extends Exception> @Nullable V get(K key, Deadline deadline, Source<V, E> source)
            throws E, InterruptedException {
        while (true) {
            Flight flight;
            lock.lockInterruptibly();
            try {
                @Nullable V value = keptShare(key);
                if (value != null) {
                    return value;
                }
                flight = flights.get(key);
                if (flight != null) {
                    value = await(flight, deadline);
                    if (value != null || deadline.hasPassed()) {
                        return value;
                    }
                    // Whoever was at it had less time than this caller has.
                    continue;
                }
                flight = new Flight();
                flights.put(key, flight);
            } finally {
                lock.unlock();
            }
            return fly(key, flight, deadline, source);
        }
    }

    /** A share of a value if it is kept; null if it is not. */
    @Nullable V getKept(K key) {
        lock.lock();
        try {
            return keptShare(key);
        } finally {
            lock.unlock();
        }
    }

    /** Drops everything that is kept. */
    void clear() {
        lock.lock();
        try {
            kept.values().forEach(each -> rules.release(each.value));
            kept.clear();
            keptBytes = 0;
        } finally {
            lock.unlock();
        }
    }

    /** What is kept, in bytes. */
    long keptBytes() {
        lock.lock();
        try {
            return keptBytes;
        } finally {
            lock.unlock();
        }
    }

    private <E extends Exception> V fly(K key, Flight flight, Deadline deadline, Source<V, E> source)
            throws E, InterruptedException {
        @Nullable V value = null;
        try {
            V got = source.get();
            value = got;
            return got;
        } finally {
            land(key, flight, value, deadline.hasPassed());
        }
    }

    /** Passes a value on; those who wait get nothing if it is no answer to them, and try themselves. */
    private void land(K key, Flight flight, @Nullable V value, boolean isCutShort) {
        lock.lock();
        try {
            flights.remove(key);
            flight.isOver = true;
            if (value != null) {
                boolean isFinal = rules.isFinal(value);
                if (flight.waiting > 0 && (isFinal || !isCutShort)) {
                    flight.value = rules.share(value);
                }
                if (isFinal) {
                    keep(key, value);
                }
            }
            flight.landed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits without the lock. The last one who leaves a flight releases its share. */
    private @Nullable V await(Flight flight, Deadline deadline) throws InterruptedException {
        flight.waiting++;
        try {
            long leftNs = deadline.remainingNs();
            while (!flight.isOver && leftNs > 0) {
                leftNs = Math.min(flight.landed.awaitNanos(leftNs), deadline.remainingNs());
            }
            @Nullable V value = flight.value;
            return value == null ? null : rules.share(value);
        } finally {
            flight.waiting--;
            @Nullable V value = flight.value;
            if (flight.waiting == 0 && value != null) {
                flight.value = null;
                rules.release(value);
            }
        }
    }

    private @Nullable V keptShare(K key) {
        Kept<V> found = kept.get(key);
        return found == null ? null : rules.share(found.value);
    }

    private void keep(K key, V value) {
        long bytes = rules.keptBytes(value);
        if (bytes > maxBytes || kept.containsKey(key)) {
            return;
        }
        kept.put(key, new Kept<>(rules.share(value), bytes));
        keptBytes += bytes;
        Iterator<Kept<V>> oldest = kept.values().iterator();
        while (keptBytes > maxBytes) {
            Kept<V> dropped = oldest.next();
            oldest.remove();
            keptBytes -= dropped.bytes;
            rules.release(dropped.value);
        }
    }
}
