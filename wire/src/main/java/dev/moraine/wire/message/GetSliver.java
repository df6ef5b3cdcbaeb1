package dev.moraine.wire.message;

/**
 * Asks for a sliver, or for metadata in pieces. The node answers with {@link SliverData} up to the end of the part, or
 * with {@link Failure}.
 *
 * @param requestId the request
 * @param blobId 32 bytes
 * @param pairIndex the sliver pair, below {@link MessageLimits#MAX_SHARDS}
 * @param part what to send
 */
@SuppressWarnings("ArrayRecordComponent") // Messages are carried, never compared.
public record GetSliver(long requestId, byte[] blobId, int pairIndex, Part part) implements ClientMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public GetSliver {
        MessageLimits.exact("blobId", blobId, MessageLimits.HASH_BYTES);
        MessageLimits.range("pairIndex", pairIndex, 0, MessageLimits.MAX_SHARDS - 1);
    }
}
