package dev.moraine.sampling.repair;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The pairs that lack a sliver: those that can be tried, the one at risk for longest first, and those that wait after a
 * failure or for their grace to end. A pair is known until it is forgotten, also while it is being repaired. For one
 * thread.
 */
final class RepairQueue {
    private static final int MAX_DOUBLINGS = 20;

    private final RepairSettings settings;
    private final Map<MissingPair.Key, MissingPair> known = new HashMap<>();
    private final Queue<MissingPair> ready = new PriorityQueue<>(
            Comparator.comparingLong(MissingPair::sinceMs).thenComparingLong(MissingPair::sequence));
    private final Queue<MissingPair> delayed = new PriorityQueue<>((one, other) ->
            Long.signum(one.dueNs() - other.dueNs()));
    private final SplittableRandom jitter = new SplittableRandom();
    private long nextSequence;

    /**
     * An empty queue.
     *
     * @param settings how many, and how long they wait
     */
    RepairQueue(RepairSettings settings) {
        this.settings = settings;
    }

    /** Whether another pair may be added. */
    boolean hasRoom() {
        return known.size() < settings.maxKnown();
    }

    /**
     * Adds a pair, unless it is known.
     *
     * @param key which
     * @param sinceMs since when the blob is at risk for it
     * @param dueNs when it is to be tried
     * @return whether it is new
     */
    boolean add(MissingPair.Key key, long sinceMs, long dueNs) {
        if (known.containsKey(key)) {
            return false;
        }
        MissingPair pair = new MissingPair(key, sinceMs, nextSequence, dueNs);
        nextSequence++;
        known.put(key, pair);
        delayed.add(pair);
        return true;
    }

    /**
     * Takes the next pair to be tried.
     *
     * @param nowNs now
     * @return the pair, or null if none is due
     */
    @Nullable MissingPair poll(long nowNs) {
        while (true) {
            MissingPair first = delayed.peek();
            if (first == null || first.dueNs() - nowNs > 0) {
                return ready.poll();
            }
            ready.add(delayed.remove());
        }
    }

    /** Puts a pair back that can be tried at once. */
    void putBack(MissingPair pair) {
        ready.add(pair);
    }

    /**
     * Puts a pair back that is to wait, the longer the more often it has failed.
     *
     * @param pair the pair
     * @param nowNs now
     */
    void putOff(MissingPair pair, long nowNs) {
        // The shortest delay is an hour at the most: so many doublings do not overflow.
        int doublings = Math.min(pair.noteFailure() - 1, MAX_DOUBLINGS);
        long delayNs = Math.min(settings.maxBackoffNs(), settings.minBackoffNs() << doublings);
        pair.setDueNs(nowNs + delayNs / 2 + jitter.nextLong(delayNs / 2 + 1));
        delayed.add(pair);
    }

    /** Puts a pair back that is to wait for as long as possible: nothing will change soon. */
    void putOffLong(MissingPair pair, long nowNs) {
        pair.setDueNs(nowNs + settings.maxBackoffNs());
        delayed.add(pair);
    }

    /** Ends a pair that was taken. */
    void forget(MissingPair pair) {
        known.remove(pair.key());
    }

    /** How many pairs wait. */
    int waiting() {
        return ready.size() + delayed.size();
    }
}
