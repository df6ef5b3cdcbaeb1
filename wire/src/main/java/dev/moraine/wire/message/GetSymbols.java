package dev.moraine.wire.message;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Asks for symbols of one or more blobs with their proofs. The node answers with {@link SymbolsAnswer} or
 * {@link Failure}.
 *
 * @param requestId the request
 * @param axis through which line the symbols are to be proved
 * @param blobIds from 1 to {@link MessageLimits#MAX_BLOBS} ids of 32 bytes, none twice
 * @param coordinates from 1 to {@link MessageLimits#MAX_COORDINATES}, each in one of the blobs
 */
public record GetSymbols(
        long requestId,
        WireAxis axis,
        List<byte[]> blobIds,
        List<Coordinate> coordinates)
        implements ClientMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public GetSymbols {
        MessageLimits.range("blobIds", blobIds.size(), 1, MessageLimits.MAX_BLOBS);
        blobIds.forEach(each -> MessageLimits.exact("blobIds", each, MessageLimits.HASH_BYTES));
        if (!areDistinct(blobIds)) {
            throw new IllegalArgumentException("blobIds must differ from each other");
        }
        MessageLimits.range("coordinates", coordinates.size(), 1, MessageLimits.MAX_COORDINATES);
        int lastBlob = blobIds.size() - 1;
        coordinates.forEach(each -> MessageLimits.range("blob of a coordinate", each.blob(), 0, lastBlob));
        blobIds = List.copyOf(blobIds);
        coordinates = List.copyOf(coordinates);
    }

    /**
     * Asks for symbols of one blob.
     *
     * @param requestId the request
     * @param axis through which line the symbols are to be proved
     * @param blobId 32 bytes
     * @param coordinates from 1 to {@link MessageLimits#MAX_COORDINATES}, all of blob 0
     * @return the request
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public static GetSymbols ofBlob(long requestId, WireAxis axis, byte[] blobId, List<Coordinate> coordinates) {
        return new GetSymbols(requestId, axis, List.of(blobId), coordinates);
    }

    /** Whether no two ids are equal. */
    static boolean areDistinct(List<byte[]> blobIds) {
        Set<ByteBuffer> seen = HashSet.newHashSet(blobIds.size());
        return blobIds.stream().map(ByteBuffer::wrap).allMatch(seen::add);
    }
}
