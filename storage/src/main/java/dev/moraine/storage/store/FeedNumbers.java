package dev.moraine.storage.store;

import java.security.SecureRandom;

/**
 * How the certificates of a store are numbered: from 0, in the order in which they were kept. The number of a
 * certificate is in its record. A numbering has an id, so that whoever remembers a number can tell whether it still says
 * the same: when numbers may have been lost, a new numbering begins.
 *
 * <p>Threading: one thread changes it, any number ask.
 */
final class FeedNumbers {
    private static final SecureRandom RANDOM = new SecureRandom();

    private volatile long feedId = newId();
    private volatile long next;
    private volatile long end;
    private volatile long first;

    /**
     * What the index on the disk says.
     *
     * @param feedId the id, 0 if it says nothing
     * @param next the number of the next certificate
     */
    record State(long feedId, long next) {}

    private static long newId() {
        // Zero stands for no numbering.
        return 1 + (RANDOM.nextLong() >>> 2);
    }

    /** Goes on with an earlier numbering, if there is one. */
    void startFrom(State state) {
        if (state.feedId() != 0) {
            feedId = state.feedId();
            next = state.next();
        }
    }

    /** Begins a new numbering, in which certificates have the numbers that are in their records. */
    void renew() {
        feedId = newId();
    }

    /** What is to be written into the index. */
    State state() {
        return new State(feedId, next);
    }

    long feedId() {
        return feedId;
    }

    /** The number of the next certificate. */
    long next() {
        return next;
    }

    /** Notes a number that is taken. */
    synchronized void onTaken(long number) {
        next = Math.max(next, number + 1);
    }

    /** Notes that the certificates before a number survive a power cut: they never get other numbers now. */
    synchronized void onForced(long number) {
        end = Math.max(end, number);
    }

    /** Below this every certificate survives a power cut, and may be shown. */
    long end() {
        return end;
    }

    /** Below this no certificate is held any more. */
    long first() {
        return first;
    }

    /** Notes that no certificate below a number is held any more. */
    synchronized void onGoneBefore(long number) {
        first = Math.max(first, number);
    }
}
