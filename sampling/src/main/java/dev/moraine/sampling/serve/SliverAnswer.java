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
    private final HeldSliver sliver;
    private final MemorySegment part;
    private long offset;

    /**
     * Starts at the beginning of the part.
     *
     * @param request which part of which pair
     * @param sliver that part, or any of the pair for the metadata; this releases it
     */
    SliverAnswer(GetSliver request, HeldSliver sliver) {
        this.request = request;
        this.sliver = sliver;
        part = switch (request.part()) {
            case METADATA -> sliver.metadataBytes();
            case PRIMARY, SECONDARY -> sliver.sliver();
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
        return sliver.heldBytes();
    }

    @Override
    public void release() {
        sliver.release();
    }
}
