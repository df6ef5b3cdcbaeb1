package dev.moraine.wire.message;

/**
 * Answers a {@link Ping}. Belongs to no request.
 *
 * @param token any number; the one of the ping comes back
 */
public record Pong(long token) implements NodeMessage {
    @Override
    public long requestId() {
        return NO_REQUEST;
    }
}
