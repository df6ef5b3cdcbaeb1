package dev.moraine.ingest.disperse;

import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;

/**
 * Brings what happens on network threads to the dispersal's thread. It needs no limit of its own: a request posts at
 * most twice, and the open requests are bounded by the bundles in flight, the tails and the deliveries of certificates.
 *
 * <p>{@link #post} may be called by any thread, {@link #drain} by the dispersal's thread.
 */
final class Mailbox {
    /** Events of one round, so that deadlines are looked at between them. */
    private static final int EVENTS_PER_ROUND = 1024;

    private final ManyToOneConcurrentLinkedQueue<Runnable> events = new ManyToOneConcurrentLinkedQueue<>();
    private final Runnable wake;

    /**
     * Starts empty.
     *
     * @param wake tells the dispersal's thread that there is something to do
     */
    Mailbox(Runnable wake) {
        this.wake = wake;
    }

    /**
     * Leaves an event.
     *
     * @param event what the dispersal's thread runs
     */
    void post(Runnable event) {
        events.add(event);
        wake.run();
    }

    /**
     * Runs the events that are there, up to a limit.
     *
     * @return how many
     */
    int drain() {
        int count = 0;
        while (count < EVENTS_PER_ROUND) {
            Runnable event = events.poll();
            if (event == null) {
                break;
            }
            count++;
            event.run();
        }
        return count;
    }
}
