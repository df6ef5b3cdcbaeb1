package dev.moraine.node.storagenode;

import dev.moraine.proofs.committee.EpochSchedule;
import org.agrona.concurrent.EpochClock;

/**
 * What the node's clock says about epochs. Thread-safe if the clock is.
 *
 * @param schedule when epochs begin
 * @param clock the time, in milliseconds since 1970
 */
record EpochGate(EpochSchedule schedule, EpochClock clock) {
    /**
     * The current epoch.
     *
     * @return its number, negative before genesis
     */
    long current() {
        return schedule.epochAt(clock.time());
    }

    /**
     * Whether a statement for an epoch may be signed now.
     *
     * @param epoch its number
     * @return true for the current one, and for the last one shortly after its end
     */
    boolean isSignable(long epoch) {
        return schedule.isSignable(epoch, clock.time());
    }

    /**
     * The time.
     *
     * @return milliseconds since 1970
     */
    long nowMs() {
        return clock.time();
    }
}
