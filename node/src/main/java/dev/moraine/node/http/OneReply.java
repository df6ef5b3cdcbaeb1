package dev.moraine.node.http;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Lets one answer through, and frees the request's body then. Thread-safe. */
final class OneReply implements HttpReply {
    private final HttpRequest request;
    private final EventLoop loop;
    private final Consumer<HttpAnswer> way;
    private final AtomicBoolean isSent = new AtomicBoolean();

    /**
     * The reply to a request.
     *
     * @param request the request
     * @param loop the connection's event loop
     * @param way takes the answer, on the event loop
     */
    OneReply(HttpRequest request, EventLoop loop, Consumer<HttpAnswer> way) {
        this.request = request;
        this.loop = loop;
        this.way = way;
    }

    @Override
    public void send(HttpAnswer answer) {
        if (!isSent.compareAndSet(false, true)) {
            answer.release();
            return;
        }
        request.releaseBody();
        if (loop.inEventLoop()) {
            way.accept(answer);
            return;
        }
        try {
            loop.execute(() -> way.accept(answer));
        } catch (RejectedExecutionException e) {
            // The server was closed, and nobody is left to answer.
            answer.release();
        }
    }
}
