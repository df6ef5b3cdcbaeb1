package dev.moraine.ingest.pipeline;

import com.lmax.disruptor.EventHandler;
import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.ingest.disperse.EncodedBatch;
import dev.moraine.ingest.disperse.SliverLayout;
import dev.moraine.proofs.blob.BlobCommitment;
import dev.moraine.proofs.blob.BlobCommitter;
import dev.moraine.proofs.certificate.BundleEntry;
import java.lang.foreign.MemorySegment;

/**
 * Encodes batches, commits to them, and lays their slivers out for sending. Of several handlers on the ring each takes
 * the sequences that are its own modulo their number.
 */
final class EncodeHandler implements EventHandler<BatchSlot> {
    private final Geometry geometry;
    private final int index;
    private final int handlers;

    /**
     * One of several handlers.
     *
     * @param geometry the deployment's geometry
     * @param index which of them, from 0
     * @param handlers how many there are
     */
    EncodeHandler(Geometry geometry, int index, int handlers) {
        this.geometry = geometry;
        this.index = index;
        this.handlers = handlers;
    }

    @Override
    public void onEvent(BatchSlot slot, long sequence, boolean endOfBatch) {
        BatchSlot.Work work = slot.work;
        if (sequence % handlers == index && work != null) {
            slot.encoded = encode(work);
        }
    }

    private EncodedBatch encode(BatchSlot.Work work) {
        SliverLayout layout = new SliverLayout(geometry, geometry.symbolSizeBytes(work.lengthBytes()));
        BlobMatrix codec = new BlobMatrix(geometry, layout.symbolSizeBytes());
        MemorySegment memory = work.lease().segment();
        MemorySegment matrix = layout.matrix(memory);
        BlobCommitment commitment =
                BlobCommitter.encodeAndCommit(codec, layout.blob(memory, work.lengthBytes()), matrix);
        // The blob is in the matrix now; its place is needed for the slivers whose symbols the matrix holds scattered.
        for (int column = 0; column < geometry.shards(); column++) {
            codec.copySecondarySliver(matrix, column, layout.secondary(memory, column));
        }
        layout.metadata(memory).copyFrom(MemorySegment.ofArray(commitment.metadata().encode()));
        BundleEntry entry =
                new BundleEntry(commitment.id(), work.namespace(), work.lengthBytes(), work.expiryEpoch());
        return new EncodedBatch(entry, layout, memory, work.handler(), work.lease()::close);
    }
}
