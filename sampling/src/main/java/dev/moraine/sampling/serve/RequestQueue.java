package dev.moraine.sampling.serve;

import dev.moraine.wire.message.ClientMessage;
import dev.moraine.wire.transport.PeerChannel;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait, and how many of each peer's are being answered, so that one peer can neither fill the queue nor
 * take all answers that run. Requests past a peer's share of answers stand aside and let other peers' pass.
 *
 * <p>{@link #offer} is for any thread, all else for the one thread of the agent.
 */
final class RequestQueue {
    private final int capacity;
    private final int maxWaitingPerPeer;
    private final int maxRunningPerPeer;
    private final ManyToOneConcurrentArrayQueue<Request> arrived;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<PeerChannel, Share> shares = new ConcurrentHashMap<>();
    private final Queue<Request> released = new ArrayDeque<>();
    private boolean isReleasedNext;

    /**
     * A request of a peer.
     *
     * @param from who asks
     * @param message what is asked
     */
    record Request(PeerChannel from, ClientMessage message) {}

    /** What a peer has here. The count of waiting requests changes only inside the map's atomic operations. */
    private static final class Share {
        private final Queue<Request> aside = new ArrayDeque<>();
        private int waiting;
        private int running;
    }

    /**
     * An empty queue.
     *
     * @param capacity most requests that wait
     * @param maxWaitingPerPeer most of them of one peer
     * @param maxRunningPerPeer most requests of one peer that are polled and not over
     */
    RequestQueue(int capacity, int maxWaitingPerPeer, int maxRunningPerPeer) {
        this.capacity = capacity;
        this.maxWaitingPerPeer = maxWaitingPerPeer;
        this.maxRunningPerPeer = maxRunningPerPeer;
        arrived = new ManyToOneConcurrentArrayQueue<>(capacity);
    }

    /**
     * Queues a request. Never blocks.
     *
     * @param request the request
     * @return false if there is no room, or the peer has its share
     */
    boolean offer(Request request) {
        if (waiting.incrementAndGet() > capacity) {
            waiting.decrementAndGet();
            return false;
        }
        if (!addWaiting(request.from)) {
            waiting.decrementAndGet();
            return false;
        }
        if (!arrived.offer(request)) {
            removeWaiting(request.from);
            return false;
        }
        return true;
    }

    /**
     * Takes the next request of a peer that has not all its answers running. It counts as running until {@link #over}.
     *
     * @return the request, or null if there is none to start
     */
    @Nullable Request poll() {
        isReleasedNext = !isReleasedNext;
        Request next = isReleasedNext ? released.poll() : pollArrived();
        if (next == null) {
            next = isReleasedNext ? pollArrived() : released.poll();
        }
        if (next != null) {
            removeWaiting(next.from);
        }
        return next;
    }

    /**
     * Ends a request that was polled.
     *
     * @param from who asked
     */
    void over(PeerChannel from) {
        shares.computeIfPresent(from, (_, share) -> {
            Request next = share.aside.poll();
            if (next == null) {
                share.running--;
            } else {
                released.add(next);
            }
            return share.waiting + share.running == 0 ? null : share;
        });
    }

    /** Forgets all requests that wait. */
    void clear() {
        while (true) {
            Request next = poll();
            if (next == null) {
                return;
            }
            over(next.from);
        }
    }

    private @Nullable Request pollArrived() {
        while (true) {
            Request next = arrived.poll();
            if (next == null || takesPlace(next)) {
                return next;
            }
        }
    }

    /** Either the request is one of its peer's running ones from now on, or it stands aside. */
    private boolean takesPlace(Request request) {
        Share share = shares.get(request.from);
        if (share == null) {
            throw new IllegalStateException("a request waits that was not counted");
        }
        if (share.running == maxRunningPerPeer) {
            share.aside.add(request);
            return false;
        }
        share.running++;
        return true;
    }

    private boolean addWaiting(PeerChannel from) {
        boolean[] isAdded = new boolean[1];
        shares.compute(from, (_, known) -> {
            Share share = known == null ? new Share() : known;
            if (share.waiting < maxWaitingPerPeer) {
                share.waiting++;
                isAdded[0] = true;
            }
            return share;
        });
        return isAdded[0];
    }

    private void removeWaiting(PeerChannel from) {
        waiting.decrementAndGet();
        shares.computeIfPresent(from, (_, share) -> {
            share.waiting--;
            return share.waiting + share.running == 0 ? null : share;
        });
    }
}
