package dev.moraine.node.http;

import org.jspecify.annotations.Nullable;

/** Where a route wants the bodies of its requests, if not in memory of the server's. */
@FunctionalInterface
public interface BodyReceiver {
    /**
     * Finds room for a body whose length is known. Called on an event loop; it must not wait.
     *
     * @param lengthBytes exact length, at least 1
     * @return native memory of that length, or null if there is none now: then the client is told to come again later
     */
    @Nullable ReceivedBody reserve(long lengthBytes);
}
