package dev.moraine.wire.message;

/**
 * Asks how the node is. The node answers with {@link HealthAnswer}.
 *
 * @param requestId the request
 */
public record GetHealth(long requestId) implements ClientMessage {}
