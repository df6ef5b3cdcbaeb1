package dev.moraine.wire.message;

/**
 * Ends a {@link GetHealth}.
 *
 * @param requestId the request
 * @param state 0 when all is well, else the number of what is wrong, at most {@link MessageLimits#MAX_HEALTH_STATE}
 * @param pairs sliver pairs that are held
 * @param bytes bytes that they take
 * @param quarantined records that were set aside as damaged
 */
public record HealthAnswer(long requestId, int state, long pairs, long bytes, long quarantined) implements NodeMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public HealthAnswer {
        MessageLimits.range("state", state, 0, MessageLimits.MAX_HEALTH_STATE);
        MessageLimits.range("pairs", pairs, 0, Long.MAX_VALUE);
        MessageLimits.range("bytes", bytes, 0, Long.MAX_VALUE);
        MessageLimits.range("quarantined", quarantined, 0, Long.MAX_VALUE);
    }
}
