package dev.moraine.wire.message;

/**
 * Asks a node for a sign of life. The node answers with {@link Pong}. Belongs to no request.
 *
 * @param token any number; the one of the ping comes back
 */
public record Ping(long token) implements ClientMessage {
    @Override
    public long requestId() {
        return NO_REQUEST;
    }
}
