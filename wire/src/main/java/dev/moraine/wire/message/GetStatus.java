package dev.moraine.wire.message;

/**
 * Asks what a node knows of a blob. The node answers with {@link StatusAnswer} or {@link Failure}.
 *
 * @param requestId the request
 * @param blobId 32 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // Messages are carried, never compared.
public record GetStatus(long requestId, byte[] blobId) implements ClientMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public GetStatus {
        MessageLimits.exact("blobId", blobId, MessageLimits.HASH_BYTES);
    }
}
