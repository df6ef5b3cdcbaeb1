package dev.moraine.wire.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.moraine.wire.message.Message;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes one answer, or one failure, and counts how often there was an end. */
final class Outcome implements ResponseHandler {
    private final CompletableFuture<Object> end = new CompletableFuture<>();
    private final AtomicInteger ends = new AtomicInteger();

    @Override
    public boolean onMessage(Message message) {
        ends.incrementAndGet();
        end.complete(message);
        return true;
    }

    @Override
    public void onFailure(RequestFailure reason) {
        ends.incrementAndGet();
        end.complete(reason);
    }

    boolean isOver() {
        return end.isDone();
    }

    boolean isAnswer() {
        return await() instanceof Message;
    }

    int ends() {
        return ends.get();
    }

    <T extends Message> T answer(Class<T> type) {
        return assertInstanceOf(type, await());
    }

    void failsWith(RequestFailure expected) {
        assertEquals(expected, await());
    }

    private Object await() {
        try {
            return end.get(Loopback.PATIENCE_NS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("no outcome", e);
        }
    }
}
