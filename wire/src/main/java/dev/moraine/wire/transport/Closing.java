package dev.moraine.wire.transport;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for things to close, but not for ever. */
final class Closing {
    /** Longest wait: what is given to unsent bytes, and some more. */
    static final long LIMIT_NS = FramedChannel.CLOSE_LINGER_NS + TimeUnit.SECONDS.toNanos(1);

    private static final System.Logger LOG = System.getLogger(Closing.class.getName());

    private Closing() {}

    /** Waits until all are complete or {@link #LIMIT_NS} is over. Not for event loops. */
    static void await(Collection<? extends CompletableFuture<?>> closing) {
        try {
            CompletableFuture.allOf(closing.toArray(CompletableFuture<?>[]::new)).get(LIMIT_NS, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.log(System.Logger.Level.WARNING, "connections did not close in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
