package dev.moraine.wire.message;

/**
 * Ends a {@link GetMetadata}.
 *
 * @param requestId the request
 * @param metadata at most {@link MessageLimits#MAX_METADATA_BYTES}
 */
@SuppressWarnings("ArrayRecordComponent") // Messages are carried, never compared.
public record MetadataAnswer(long requestId, byte[] metadata) implements NodeMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public MetadataAnswer {
        MessageLimits.atMost("metadata", metadata, MessageLimits.MAX_METADATA_BYTES);
    }
}
