package dev.moraine.wire.message;

import java.util.List;

/**
 * Asks for symbols with their proofs. The node answers with {@link SymbolsAnswer} or {@link Failure}.
 *
 * @param requestId the request
 * @param blobId 32 bytes
 * @param axis through which line the symbols are to be proved
 * @param coordinates from 1 to {@link MessageLimits#MAX_COORDINATES}
 */
@SuppressWarnings("ArrayRecordComponent") // Messages are carried, never compared.
public record GetSymbols(
        long requestId,
        byte[] blobId,
        WireAxis axis,
        List<Coordinate> coordinates)
        implements ClientMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public GetSymbols {
        MessageLimits.exact("blobId", blobId, MessageLimits.HASH_BYTES);
        MessageLimits.range("coordinates", coordinates.size(), 1, MessageLimits.MAX_COORDINATES);
        coordinates = List.copyOf(coordinates);
    }
}
