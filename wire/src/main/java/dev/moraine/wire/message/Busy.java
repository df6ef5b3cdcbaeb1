package dev.moraine.wire.message;

/**
 * Ends a request that the node has no room for now.
 *
 * @param requestId the request
 * @param retryDelayMs how long to wait before asking again, in milliseconds, at most
 *     {@link MessageLimits#MAX_RETRY_DELAY_MS}
 */
public record Busy(long requestId, int retryDelayMs) implements NodeMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public Busy {
        MessageLimits.range("retryDelayMs", retryDelayMs, 0, MessageLimits.MAX_RETRY_DELAY_MS);
    }
}
