package dev.moraine.wire.message;

/**
 * Ends a {@link GetStatus}.
 *
 * @param requestId the request
 * @param state what the node knows
 * @param expiryEpoch the latest expiry that the node knows for the blob; 0 if it knows none
 */
public record StatusAnswer(long requestId, BlobState state, long expiryEpoch) implements NodeMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public StatusAnswer {
        MessageLimits.range("expiryEpoch", expiryEpoch, 0, Long.MAX_VALUE);
    }
}
