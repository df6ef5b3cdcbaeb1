package dev.moraine.wire.message;

import java.lang.foreign.MemorySegment;

/**
 * A piece of metadata or of a sliver, in either direction. Pieces of one part go out in the order of their offsets.
 * 
 * <p>On a received message, {@code data} is a read-only view of the receive buffer and is <b>valid only during the
 * callback</b> that hands the message over: copy what is needed. On a message to send, it is memory of any kind;
 * native memory of a shared arena can go out without a copy.
 *
 * @param requestId the request
 * @param entry the entry of the bundle; 0 in the answer to a {@link GetSliver}
 * @param pairIndex the sliver pair, below {@link MessageLimits#MAX_SHARDS}
 * @param part what this is a piece of
 * @param offset where the piece begins within the part, in bytes
 * @param totalBytes the length of the whole part, at most {@link MessageLimits#MAX_BLOB_BYTES}
 * @param data from 1 to {@link MessageLimits#MAX_SLIVER_DATA_BYTES} bytes, ending at or before {@code totalBytes}
 */
public record SliverData(
        long requestId,
        int entry,
        int pairIndex,
        Part part,
        long offset,
        long totalBytes,
        MemorySegment data)
        implements ClientMessage, NodeMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public SliverData {
        MessageLimits.range("entry", entry, 0, MessageLimits.MAX_BUNDLE_ENTRIES - 1);
        MessageLimits.range("pairIndex", pairIndex, 0, MessageLimits.MAX_SHARDS - 1);
        MessageLimits.range("totalBytes", totalBytes, 1, MessageLimits.MAX_BLOB_BYTES);
        MessageLimits.range("data", data.byteSize(), 1, Math.min(MessageLimits.MAX_SLIVER_DATA_BYTES, totalBytes));
        MessageLimits.range("offset", offset, 0, totalBytes - data.byteSize());
    }

    /**
     * Whether this piece is the end of its part.
     *
     * @return true if no piece follows
     */
    public boolean isLast() {
        return offset + data.byteSize() == totalBytes;
    }
}
