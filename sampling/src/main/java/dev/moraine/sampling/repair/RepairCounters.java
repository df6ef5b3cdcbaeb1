package dev.moraine.sampling.repair;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** What the repair of a node did since its start, and what it is at. Thread-safe. */
public final class RepairCounters {
    // Filled once and only read afterwards.
    private final Map<RepairCount, AtomicLong> counts = new EnumMap<>(RepairCount.class);
    private final AtomicLongArray liesOfMember;
    private volatile int waiting;
    private volatile int running;

    /**
     * Counters at zero.
     *
     * @param members how many nodes the committee has
     */
    RepairCounters(int members) {
        for (RepairCount count : RepairCount.values()) {
            counts.put(count, new AtomicLong());
        }
        liesOfMember = new AtomicLongArray(members);
    }

    /**
     * A count.
     *
     * @param what what was counted
     * @return since the start
     */
    public long get(RepairCount what) {
        return of(what).get();
    }

    /**
     * How often a member gave a wrong answer.
     *
     * @param member its place in the committee
     * @return since the start
     */
    public long liesOf(int member) {
        return liesOfMember.get(member);
    }

    /**
     * Pairs that are known to lack a sliver and wait.
     *
     * @return now
     */
    public int waiting() {
        return waiting;
    }

    /**
     * Slivers that are being rebuilt.
     *
     * @return now
     */
    public int running() {
        return running;
    }

    void add(RepairCount what) {
        add(what, 1);
    }

    void add(RepairCount what, long amount) {
        of(what).addAndGet(amount);
    }

    void addLie(int member) {
        add(RepairCount.LIES);
        liesOfMember.incrementAndGet(member);
    }

    void show(int waitingPairs, int runningSlivers) {
        waiting = waitingPairs;
        running = runningSlivers;
    }

    private AtomicLong of(RepairCount what) {
        return Objects.requireNonNull(counts.get(what));
    }
}
