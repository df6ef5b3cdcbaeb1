package dev.moraine.sampling.serve;

import dev.moraine.wire.message.GetSliver;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.message.NodeMessage;
import dev.moraine.wire.message.SliverData;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Streams one part of a pair in pieces of at most {@link MessageLimits#MAX_SLIVER_DATA_BYTES}. */
final class SliverAnswer implements Answer {
    private final GetSliver request;
    private final HeldPair pair;
    private final MemorySegment part;
    private long offset;

    /**
     * Starts at the beginning of the part.
     *
     * @param request which part of which pair
     * @param pair the pair, which this releases
     */
    SliverAnswer(GetSliver request, HeldPair pair) {
        this.request = request;
        this.pair = pair;
        part = switch (request.part()) {
            case METADATA -> pair.stored().metadataBytes();
            case PRIMARY -> pair.stored().primary();
            case SECONDARY -> pair.stored().secondary();
        };
    }

    @Override
    public @Nullable NodeMessage next() {
        if (offset == part.byteSize()) {
            return null;
        }
        long pieceBytes = Math.min(MessageLimits.MAX_SLIVER_DATA_BYTES, part.byteSize() - offset);
        SliverData piece = new SliverData(
                request.requestId(),
                0,
                request.pairIndex(),
                request.part(),
                offset,
                part.byteSize(),
                part.asSlice(offset, pieceBytes));
        offset += pieceBytes;
        return piece;
    }

    @Override
    public long heldBytes() {
        return pair.heldBytes();
    }

    @Override
    public void release() {
        pair.release();
    }
}
