package dev.moraine.node.http;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Lets one answer through, and frees the request's body then. Thread-safe. */
final class OneReply implements HttpReply {
    private final HttpRequest request;
    private final Consumer<HttpAnswer> way;
    private final AtomicBoolean isSent = new AtomicBoolean();

    /**
     * The reply to a request.
     *
     * @param request the request
     * @param way takes the answer; throws if the event loops are gone
     */
    OneReply(HttpRequest request, Consumer<HttpAnswer> way) {
        this.request = request;
        this.way = way;
    }

    @Override
    public void send(HttpAnswer answer) {
        if (!isSent.compareAndSet(false, true)) {
            answer.release();
            return;
        }
        request.releaseBody();
        try {
            way.accept(answer);
        } catch (RejectedExecutionException e) {
            answer.release();
        }
    }
}
