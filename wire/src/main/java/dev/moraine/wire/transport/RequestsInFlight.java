package dev.moraine.wire.transport;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The requests of a connection that are not over. That one is removed once is what makes it end once. Thread-safe. */
final class RequestsInFlight {
    private static final System.Logger LOG = System.getLogger(RequestsInFlight.class.getName());

    private final Map<Long, PendingRequest> pending = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final int limit;
    private final TransportCounters counters;

    RequestsInFlight(int limit, TransportCounters counters) {
        this.limit = limit;
        this.counters = counters;
    }

    int count() {
        return count.get();
    }

    /** Adds a request, in any case, and tells whether it is within the limit. */
    boolean add(PendingRequest request) {
        pending.put(request.id(), request);
        return count.incrementAndGet() <= limit;
    }

    @Nullable PendingRequest get(long requestId) {
        return pending.get(requestId);
    }

    /** All requests, as they are now. */
    List<PendingRequest> all() {
        return List.copyOf(pending.values());
    }

    /** The requests that wait for a connection, in the order in which they were made. */
    List<PendingRequest> waiting() {
        return pending.values().stream()
                .filter(PendingRequest::isWaiting)
                .sorted(Comparator.comparingLong(PendingRequest::id))
                .toList();
    }

    /** Whether this call ended the request. */
    boolean remove(PendingRequest request) {
        if (!pending.remove(request.id(), request)) {
            return false;
        }
        request.cancelDeadline();
        count.decrementAndGet();
        return true;
    }

    /** Ends a request without an answer, unless it is over. */
    void fail(PendingRequest request, RequestFailure reason) {
        if (!remove(request)) {
            return;
        }
        try {
            request.handler().onFailure(reason);
        } catch (RuntimeException | Error e) {
            counters.increment(TransportCounter.HANDLER_FAILURES);
            LOG.log(System.Logger.Level.ERROR, "response handler failed", e);
        }
    }

    /** Ends every request without an answer. */
    void failAll(RequestFailure reason) {
        for (PendingRequest request : all()) {
            fail(request, reason);
        }
    }
}
