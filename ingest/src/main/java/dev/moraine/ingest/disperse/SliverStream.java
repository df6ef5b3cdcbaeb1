package dev.moraine.ingest.disperse;

import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.proofs.committee.ShardAssignment;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.message.Part;
import dev.moraine.wire.message.SliverData;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bodies that one node was granted, frame by frame: for each wanted entry the metadata, then for each shard of the
 * node the primary and the secondary sliver of that shard's pair. Frames are views over the batches' memory.
 *
 * <p>Belongs to the dispersal's thread.
 */
final class SliverStream {
    private final long requestId;
    private final List<EncodedBatch> batches;
    private final List<Integer> wantedEntries;
    private final Committee committee;
    private final CommitteeMember member;

    private int wantedIndex;
    private int shardIndex;
    private Part part = Part.METADATA;
    private long offset;
    private @Nullable Frame frame;

    /**
     * Begins with the first wanted entry.
     *
     * @param requestId the request of the offer
     * @param batches the bundle's batches in the order of its entries
     * @param wantedEntries indices of that list
     * @param committee the committee
     * @param member who gets the slivers
     */
    SliverStream(
            long requestId,
            List<EncodedBatch> batches,
            List<Integer> wantedEntries,
            Committee committee,
            CommitteeMember member) {
        this.requestId = requestId;
        this.batches = batches;
        this.wantedEntries = wantedEntries;
        this.committee = committee;
        this.member = member;
    }

    /**
     * The frame that is to be sent now, the same until {@link #advance()}.
     *
     * @return a frame, or null after the last one
     */
    @Nullable Frame frame() {
        if (frame == null && wantedIndex < wantedEntries.size()) {
            frame = makeFrame();
        }
        return frame;
    }

    /** Goes on to the next frame. */
    void advance() {
        Frame sent = frame;
        if (sent == null) {
            return;
        }
        frame = null;
        offset += sent.message().data().byteSize();
        if (offset == sent.message().totalBytes()) {
            offset = 0;
            nextPart();
        }
    }

    private Frame makeFrame() {
        int entry = wantedEntries.get(wantedIndex);
        EncodedBatch batch = batches.get(entry);
        int pairIndex = ShardAssignment.pairOfShard(
                batch.id(), member.firstShard() + shardIndex, committee.geometry().shards());
        MemorySegment whole = batch.part(part, pairIndex);
        long totalBytes = whole.byteSize();
        long dataBytes = Math.min(totalBytes - offset, MessageLimits.MAX_SLIVER_DATA_BYTES);
        return new Frame(
                batch,
                new SliverData(
                        requestId, entry, pairIndex, part, offset, totalBytes, whole.asSlice(offset, dataBytes)));
    }

    private void nextPart() {
        switch (part) {
            case METADATA -> part = Part.PRIMARY;
            case PRIMARY -> part = Part.SECONDARY;
            case SECONDARY -> {
                part = Part.PRIMARY;
                shardIndex++;
                if (shardIndex == member.shardCount()) {
                    part = Part.METADATA;
                    shardIndex = 0;
                    wantedIndex++;
                }
            }
        }
    }

    /**
     * A frame with the batch whose memory it reads.
     *
     * @param batch the batch, which the sender keeps referenced until the frame is written
     * @param message the frame
     */
    record Frame(EncodedBatch batch, SliverData message) {}
}
