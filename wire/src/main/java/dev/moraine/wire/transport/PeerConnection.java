package dev.moraine.wire.transport;

import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.ClientMessage;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.Hello;
import dev.moraine.wire.message.Message;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * A client's way to one node. It connects with the first request, and again with the first request after the
 * connection was lost. While it connects, requests wait; after an attempt failed, they fail at once until a growing,
 * jittered delay is over, so that a reader turns to another node without delay. Thread-safe.
 */
public final class PeerConnection implements AutoCloseable {
    /** Stands for the node index when it does not matter which node answers. */
    public static final int ANY_NODE = -1;

    private enum State {
        DISCONNECTED,
        CONNECTING,
        OPEN,
        CLOSED
    }

    private final Connector connector;
    private final EventLoop loop;
    private final NanoClock clock;
    private final TransportCounters counters = new TransportCounters();
    private final RequestsInFlight requests;
    private final AtomicLong lastRequestId = new AtomicLong(Message.NO_REQUEST);
    private volatile State state = State.DISCONNECTED;
    private volatile @Nullable String lastProblem;

    // Of the event loop.
    private final Backoff backoff;
    private @Nullable ClientSession session;
    private boolean isRejected;
    private boolean isProven;
    private boolean isBackingOff;
    private long backoffUntilNs;

    PeerConnection(Connector connector, EventLoop loop, ConnectionLimits limits, NanoClock clock) {
        this.connector = connector;
        this.loop = loop;
        this.clock = clock;
        this.requests = new RequestsInFlight(limits.maxRequestsInFlight(), counters);
        this.backoff = new Backoff(limits.minBackoffNs(), limits.maxBackoffNs(), new SplittableRandom());
    }

    /**
     * Sends a request and takes what comes for it.
     *
     * @param build makes the request from its id; called at once, on the calling thread
     * @param handler takes messages, and exactly one end
     * @param timeoutNs how long until the request fails, connecting included, in nanoseconds, positive
     * @return the id of the request
     * @throws IllegalArgumentException if the message is not a client's, does not carry the id, or the time-out is not
     *     positive
     */
    public long request(LongFunction<Message> build, ResponseHandler handler, long timeoutNs) {
        LimitCheck.range("timeoutNs", timeoutNs, 1, Long.MAX_VALUE);
        long id = lastRequestId.incrementAndGet();
        Message message = build.apply(id);
        if (message.requestId() != id || !(message instanceof ClientMessage) || message instanceof Hello) {
            throw new IllegalArgumentException("build must make a request with the id that it is given");
        }
        PendingRequest request = new PendingRequest(message, handler);
        boolean hasRoom = requests.add(request);
        boolean isAccepted = execute(() -> {
            if (hasRoom) {
                start(request, timeoutNs);
            } else {
                requests.fail(request, RequestFailure.OVER_LIMIT);
            }
        });
        if (!isAccepted) {
            requests.fail(request, RequestFailure.CLOSED);
        }
        return id;
    }

    /**
     * Sends a further message of a running request, on the connection on which the request went out.
     *
     * @param message carries the id of the request; copied before the call returns
     * @return false if the request is over or has not gone out, or as for {@link PeerChannel#send}
     */
    public boolean send(Message message) {
        FramedChannel channel = channelOf(message);
        return channel != null && channel.send(message);
    }

    /**
     * Sends a further message of a running request, and tells when it is gone.
     *
     * @param message carries the id of the request; for its memory see {@link PeerChannel#sendThenRelease}
     * @param whenWritten called exactly once, as there
     * @return as for {@link #send}
     */
    public boolean sendThenRelease(Message message, Runnable whenWritten) {
        FramedChannel channel = channelOf(message);
        if (channel == null) {
            whenWritten.run();
            return false;
        }
        return channel.sendThenRelease(message, whenWritten);
    }

    /**
     * Ends a request with {@link RequestFailure#CANCELLED}, unless it is over. What the node still sends is ignored.
     *
     * @param requestId the request
     */
    public void cancel(long requestId) {
        execute(() -> {
            PendingRequest request = requests.get(requestId);
            if (request != null) {
                requests.fail(request, RequestFailure.CANCELLED);
            }
        });
    }

    /**
     * Drops the connection if there is one, without sending what waits: requests fail with
     * {@link RequestFailure#DISCONNECTED}, and messages are released. For a node that reads nothing any more and so
     * keeps their memory in use. The next request connects again.
     */
    public void reset() {
        execute(() -> {
            ClientSession open = session;
            if (open != null) {
                open.channel().abort();
            }
        });
    }

    /**
     * The node's address.
     *
     * @return as it was given
     */
    public InetSocketAddress address() {
        return connector.address();
    }

    /**
     * Whether the connection stands and both sides have greeted.
     *
     * @return true if a request would go out at once
     */
    public boolean isConnected() {
        return state == State.OPEN;
    }

    /**
     * Requests that are not over.
     *
     * @return their number
     */
    public int requestsInFlight() {
        return requests.count();
    }

    /**
     * Why the last connection failed, was refused or ended.
     *
     * @return one line for people, or null if nothing went wrong yet
     */
    public @Nullable String lastProblem() {
        return lastProblem;
    }

    /**
     * What was counted.
     *
     * @return the live counters
     */
    public TransportCounters counters() {
        return counters;
    }

    /**
     * Ends every request with {@link RequestFailure#CLOSED}, and closes. On an event loop it does not wait for the end.
     */
    @Override
    public void close() {
        CompletableFuture<?> closing = startClosing();
        if (!loop.inEventLoop()) {
            Closing.await(List.of(closing));
        }
    }

    /** Begins to close, and gives what completes at the end. */
    CompletableFuture<?> startClosing() {
        CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
        boolean isAccepted = execute(() -> {
            state = State.CLOSED;
            requests.failAll(RequestFailure.CLOSED);
            ClientSession open = session;
            if (open == null) {
                closed.complete(null);
            } else {
                open.channel().runWhenDisconnected(() -> closed.complete(null));
                open.channel().close();
            }
        });
        if (!isAccepted) {
            closed.complete(null);
        }
        return closed;
    }

    NanoClock clock() {
        return clock;
    }

    // What follows is for the event loop.

    void onWelcomed(ClientSession welcomed) {
        if (state == State.CLOSED) {
            // Closed while the greeting was on its way; the session is being closed, too.
            return;
        }
        state = State.OPEN;
        isProven = false;
        lastProblem = null;
        for (PendingRequest request : requests.waiting()) {
            transmit(request, welcomed);
        }
    }

    void onRejected(ClientSession rejected, String problem) {
        isRejected = true;
        onProblem(problem);
    }

    void onProblem(String problem) {
        lastProblem = connector.describe() + ": " + problem;
    }

    void onSignOfLife() {
        if (!isProven) {
            isProven = true;
            backoff.reset();
        }
    }

    void onAnswer(ClientSession from, Message message) {
        onSignOfLife();
        PendingRequest request = requests.get(message.requestId());
        if (request == null || request.session() != from) {
            counters.increment(TransportCounter.UNMATCHED_ANSWERS);
            return;
        }
        boolean isEnd = message instanceof Failure || message instanceof Busy;
        if (isEnd) {
            requests.remove(request);
        }
        if (request.handler().onMessage(message) && !isEnd) {
            requests.remove(request);
        }
    }

    void onWritable() {
        for (PendingRequest request : requests.all()) {
            if (request.session() != null) {
                request.handler().onWritable();
            }
        }
    }

    void onConnectFailed(String problem) {
        counters.increment(TransportCounter.FAILED_CONNECTS);
        onProblem(problem);
        disconnect(RequestFailure.UNREACHABLE, true);
    }

    void onConnected(ClientSession opened) {
        session = opened;
        if (state == State.CLOSED) {
            opened.channel().abort();
        }
    }

    void onDisconnected(ClientSession gone) {
        boolean wasOpen = state == State.OPEN;
        if (wasOpen && lastProblem == null) {
            onProblem("the connection was lost");
        } else if (state == State.CONNECTING && !isRejected) {
            counters.increment(TransportCounter.FAILED_CONNECTS);
            onProblem("it closed the connection before greeting");
        }
        RequestFailure reason = isRejected
                ? RequestFailure.REJECTED
                : wasOpen ? RequestFailure.DISCONNECTED : RequestFailure.UNREACHABLE;
        disconnect(reason, !(wasOpen && isProven));
    }

    private void disconnect(RequestFailure reason, boolean mustBackOff) {
        session = null;
        isRejected = false;
        if (state != State.CLOSED) {
            state = State.DISCONNECTED;
        }
        isBackingOff = mustBackOff;
        if (mustBackOff) {
            backoffUntilNs = clock.nanoTime() + backoff.afterFailureNs();
        }
        requests.failAll(reason);
    }

    private void start(PendingRequest request, long timeoutNs) {
        if (state == State.CLOSED) {
            requests.fail(request, RequestFailure.CLOSED);
            return;
        }
        if (requests.get(request.id()) == null) {
            return;
        }
        request.setDeadline(loop.schedule(() -> expire(request), timeoutNs, TimeUnit.NANOSECONDS));
        ClientSession open = session;
        if (state == State.OPEN && open != null) {
            transmit(request, open);
        } else if (state == State.CONNECTING) {
            request.setWaiting(true);
        } else if (isBackingOff && clock.nanoTime() - backoffUntilNs < 0) {
            requests.fail(request, RequestFailure.UNREACHABLE);
        } else {
            request.setWaiting(true);
            state = State.CONNECTING;
            connector.connect(this, loop);
        }
    }

    private void transmit(PendingRequest request, ClientSession open) {
        if (requests.count() == 1) {
            open.touch();
        }
        request.setWaiting(false);
        request.sentOn(open);
        if (!open.channel().send(request.message())) {
            requests.fail(request, open.channel().isOpen() ? RequestFailure.OVER_LIMIT : RequestFailure.DISCONNECTED);
        }
    }

    private void expire(PendingRequest request) {
        counters.increment(TransportCounter.REQUEST_TIMEOUTS);
        requests.fail(request, RequestFailure.TIMED_OUT);
    }

    private @Nullable FramedChannel channelOf(Message message) {
        PendingRequest request = requests.get(message.requestId());
        ClientSession used = request == null ? null : request.session();
        return used == null ? null : used.channel();
    }

    private boolean execute(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }
}
