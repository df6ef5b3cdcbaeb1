package dev.moraine.wire.message;

/**
 * Asks a node to read a whole blob and to sign what it found. The node answers with {@link VerdictAnswer} or
 * {@link Failure}, when it knows or the wait is over.
 *
 * @param requestId the request
 * @param blobId 32 bytes
 * @param waitMs how long the node may take before it answers {@link VerdictState#NOT_YET}, at most
 *     {@link MessageLimits#MAX_WAIT_MS}
 */
@SuppressWarnings("ArrayRecordComponent") // Messages are carried, never compared.
public record GetVerdict(long requestId, byte[] blobId, int waitMs) implements ClientMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public GetVerdict {
        MessageLimits.exact("blobId", blobId, MessageLimits.HASH_BYTES);
        MessageLimits.range("waitMs", waitMs, 0, MessageLimits.MAX_WAIT_MS);
    }
}
