package dev.moraine.wire.message;

/**
 * Asks for 1,024-byte chunks of a symbol with their proofs. The node answers with {@link ChunksAnswer} or
 * {@link Failure}.
 *
 * @param requestId the request
 * @param blobId 32 bytes
 * @param row below {@link MessageLimits#MAX_SHARDS}
 * @param column below {@link MessageLimits#MAX_SHARDS}
 * @param firstChunk the index of the first chunk within the symbol
 * @param chunkCount from 1 to {@link MessageLimits#MAX_CHUNKS}
 */
@SuppressWarnings("ArrayRecordComponent") // Messages are carried, never compared.
public record GetChunks(
        long requestId,
        byte[] blobId,
        int row,
        int column,
        int firstChunk,
        int chunkCount)
        implements ClientMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public GetChunks {
        MessageLimits.exact("blobId", blobId, MessageLimits.HASH_BYTES);
        MessageLimits.range("row", row, 0, MessageLimits.MAX_SHARDS - 1);
        MessageLimits.range("column", column, 0, MessageLimits.MAX_SHARDS - 1);
        MessageLimits.range("firstChunk", firstChunk, 0, MessageLimits.MAX_CHUNKS_OF_SYMBOL - 1);
        MessageLimits.range("chunkCount", chunkCount, 1, MessageLimits.MAX_CHUNKS);
    }
}
