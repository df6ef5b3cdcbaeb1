package dev.moraine.sampling.feed;

import java.util.concurrent.atomic.AtomicLong;

/** What a node's feed did since its start. Thread-safe. */
public final class FeedCounters {
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong certificates = new AtomicLong();
    private final AtomicLong putOff = new AtomicLong();
    private final AtomicLong abandoned = new AtomicLong();
    private volatile int waiting;

    /** Counters at zero. */
    FeedCounters() {}

    /**
     * Requests that were answered, with certificates or without.
     *
     * @return since the start
     */
    public long answers() {
        return answers.get();
    }

    /**
     * Certificates that were handed out.
     *
     * @return since the start
     */
    public long certificates() {
        return certificates.get();
    }

    /**
     * Requests that were put off because too many wait.
     *
     * @return since the start
     */
    public long putOff() {
        return putOff.get();
    }

    /**
     * Requests whose client went away or did not take the answer.
     *
     * @return since the start
     */
    public long abandoned() {
        return abandoned.get();
    }

    /**
     * Requests that wait for a certificate.
     *
     * @return now
     */
    public int waiting() {
        return waiting;
    }

    void addAnswer(int certificateCount) {
        answers.incrementAndGet();
        certificates.addAndGet(certificateCount);
    }

    void addPutOff() {
        putOff.incrementAndGet();
    }

    void addAbandoned() {
        abandoned.incrementAndGet();
    }

    void setWaiting(int count) {
        waiting = count;
    }
}
