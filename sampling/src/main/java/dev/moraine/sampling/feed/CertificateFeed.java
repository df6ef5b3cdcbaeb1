package dev.moraine.sampling.feed;

import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.storage.store.CertificateLog;
import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.ClientMessage;
import dev.moraine.wire.message.FeedAnswer;
import dev.moraine.wire.message.GetFeed;
import dev.moraine.wire.transport.PeerChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.NanoClock;

/**
 * Offers the certificates of a store, in the order in which it kept them, to whoever follows them. A request for which
 * there is nothing yet waits here, without a thread, until a certificate comes or its time is over.
 *
 * <p>Bounded: so many requests wait in all and for each connection; what goes past that is put off. Certificates come
 * only once they survive a power cut, so that a cursor never stands for two of them. One may come twice, when the store
 * had to number its certificates anew; none is left out.
 *
 * <p>Requests come from any thread, one thread runs the agent.
 */
public final class CertificateFeed implements Agent {
    private static final int MAX_STARTS_PER_DUTY_CYCLE = 64;

    /** How long an answer is offered to a client that does not read. */
    private static final long SEND_PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    private final CertificateLog log;
    private final NanoClock clock;
    private final Limits limits;
    private final ManyToOneConcurrentArrayQueue<Arrived> arrived;
    private final List<Waiter> waiters = new ArrayList<>();
    private final FeedCounters counters = new FeedCounters();
    private long seenEnd;

    /**
     * What a feed grants.
     *
     * @param maxWaiters most requests that wait, at least 1
     * @param maxWaitersPerPeer most of them on one connection, at least 1
     * @param retryDelayMs what whoever is put off is told to wait, in milliseconds
     */
    public record Limits(int maxWaiters, int maxWaitersPerPeer, int retryDelayMs) {
        /**
         * Checks every limit.
         *
         * @throws IllegalArgumentException if one is below 1
         */
        public Limits {
            if (maxWaiters < 1 || maxWaitersPerPeer < 1 || retryDelayMs < 1) {
                throw new IllegalArgumentException("maxWaiters, maxWaitersPerPeer and retryDelayMs must be at least 1,"
                        + " but are " + maxWaiters + ", " + maxWaitersPerPeer + " and " + retryDelayMs);
            }
        }

        /**
         * The limits that hold where nothing else is said.
         *
         * @return the defaults
         */
        public static Limits defaults() {
            return new Limits(1_024, 64, 100);
        }
    }

    private record Arrived(PeerChannel from, GetFeed request) {}

    /** A request that is not answered yet. */
    private static final class Waiter {
        private final PeerChannel from;
        private final GetFeed request;
        private final Set<Namespace> namespaces = new HashSet<>();
        private final long deadlineNs;
        private long feedId;
        private long cursor;

        private Waiter(PeerChannel from, GetFeed request, long deadlineNs) {
            this.from = from;
            this.request = request;
            this.deadlineNs = deadlineNs;
            this.feedId = request.feedId();
            this.cursor = request.cursor();
            request.namespaces().forEach(bytes -> namespaces.add(Namespace.of(bytes)));
        }
    }

    /**
     * A feed that nobody follows yet.
     *
     * @param log the certificates
     * @param clock times what waits
     * @param limits what is granted
     */
    public CertificateFeed(CertificateLog log, NanoClock clock, Limits limits) {
        this.log = log;
        this.clock = clock;
        this.limits = limits;
        arrived = new ManyToOneConcurrentArrayQueue<>(limits.maxWaiters());
    }

    /**
     * Queues a request, or answers that there is no room. Any thread; never blocks.
     *
     * @param from who asks
     * @param request the request
     * @return false if it is not about the feed, and nothing was done
     */
    public boolean onRequest(PeerChannel from, ClientMessage request) {
        if (!(request instanceof GetFeed feed)) {
            return false;
        }
        if (!arrived.offer(new Arrived(from, feed))) {
            putOff(from, feed);
        }
        return true;
    }

    /**
     * What this feed counts.
     *
     * @return live counters, to be read by any thread
     */
    public FeedCounters counters() {
        return counters;
    }

    @Override
    public int doWork() {
        long nowNs = clock.nanoTime();
        int work = arrived.drain(one -> start(one, nowNs), MAX_STARTS_PER_DUTY_CYCLE);
        long end = log.end();
        boolean hasNews = end != seenEnd;
        seenEnd = end;
        for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
            Waiter waiter = all.next();
            if (isOver(waiter, nowNs, hasNews)) {
                all.remove();
                work++;
            } else if (waiter.cursor < seenEnd) {
                work++;
            }
        }
        counters.setWaiting(waiters.size());
        return work;
    }

    @Override
    public void onClose() {
        waiters.clear();
        arrived.clear();
    }

    @Override
    public String roleName() {
        return "moraine-feed";
    }

    private void start(Arrived one, long nowNs) {
        long waitNs = TimeUnit.MILLISECONDS.toNanos(one.request().waitMs());
        Waiter waiter = new Waiter(one.from(), one.request(), nowNs + waitNs);
        if (isOver(waiter, nowNs, true)) {
            return;
        }
        long ofPeer = waiters.stream().filter(other -> other.from.equals(one.from())).count();
        if (waiters.size() >= limits.maxWaiters() || ofPeer >= limits.maxWaitersPerPeer()) {
            putOff(one.from(), one.request());
        } else {
            waiters.add(waiter);
        }
    }

    /** Answers a request if there is something to say, or its time is over. */
    private boolean isOver(Waiter waiter, long nowNs, boolean hasNews) {
        if (!waiter.from.isOpen()) {
            counters.addAbandoned();
            return true;
        }
        boolean isLate = nowNs - waiter.deadlineNs >= 0;
        // Every batch moves on as far as it can, so there is nothing to look for unless the log has grown.
        if (!isLate && !hasNews && waiter.cursor >= seenEnd) {
            return false;
        }
        if (waiter.feedId != log.feedId()) {
            waiter.feedId = log.feedId();
            waiter.cursor = 0;
        }
        CertificateLog.Batch batch =
                log.read(waiter.cursor, waiter.namespaces, waiter.request.maxEntries());
        if (batch.certificates().isEmpty() && !isLate) {
            waiter.cursor = batch.nextCursor();
            return false;
        }
        FeedAnswer answer = new FeedAnswer(
                waiter.request.requestId(),
                waiter.feedId,
                batch.nextCursor(),
                batch.certificates().stream().map(BlobCertificate::encode).toList());
        if (waiter.from.send(answer)) {
            counters.addAnswer(batch.certificates().size());
            return true;
        }
        if (nowNs - waiter.deadlineNs >= SEND_PATIENCE_NS) {
            counters.addAbandoned();
            return true;
        }
        return false;
    }

    private void putOff(PeerChannel to, GetFeed request) {
        counters.addPutOff();
        to.send(new Busy(request.requestId(), limits.retryDelayMs()));
    }
}
