package dev.moraine.wire.transport;

import dev.moraine.wire.message.Message;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A request that is not over. */
final class PendingRequest {
    private final Message message;
    private final ResponseHandler handler;
    private volatile @Nullable ClientSession session;
    private @Nullable Future<?> deadline;
    private boolean isWaiting;

    PendingRequest(Message message, ResponseHandler handler) {
        this.message = message;
        this.handler = handler;
    }

    long id() {
        return message.requestId();
    }

    Message message() {
        return message;
    }

    ResponseHandler handler() {
        return handler;
    }

    /** The session on which the request went out, or null if it did not yet. Any thread may ask. */
    @Nullable ClientSession session() {
        return session;
    }

    /** Notes the session on which the request goes out. */
    void sentOn(ClientSession used) {
        session = used;
    }

    /** Whether the request waits for a connection. For the event loop. */
    boolean isWaiting() {
        return isWaiting;
    }

    /** Notes whether the request waits for a connection. For the event loop. */
    void setWaiting(boolean waiting) {
        isWaiting = waiting;
    }

    /** Notes the task that will end the request. For the event loop. */
    void setDeadline(Future<?> task) {
        deadline = task;
    }

    /** Forgets the task that would end the request. For the event loop. */
    void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }
}
