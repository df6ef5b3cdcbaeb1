package dev.moraine.ingest.pipeline;

import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.Sequence;
import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.ingest.disperse.EncodedBatch;
import dev.moraine.ingest.disperse.SliverLayout;
import dev.moraine.proofs.blob.BlobCommitment;
import dev.moraine.proofs.certificate.BundleEntry;
import java.lang.foreign.MemorySegment;

/**
 * Encodes batches, commits to them, and lays their slivers out for sending. Of several handlers on the ring each takes
 * the sequences that are its own modulo their number, and tells the dispersal of every one that it is done with.
 */
final class EncodeHandler implements EventHandler<BatchSlot> {
    private static final System.Logger LOG = System.getLogger(EncodeHandler.class.getName());

    private final Geometry geometry;
    private final int index;
    private final int handlers;
    private final BlobSplitter splitter;
    private final PendingBlobs pending;
    private final Runnable wakeDispersal;
    private Sequence done = new Sequence();

    /**
     * One of several handlers.
     *
     * @param geometry the deployment's geometry
     * @param index which of them, from 0
     * @param handlers how many there are
     * @param splitter shares large blobs between threads
     * @param pending learns the ids of what is encoded
     * @param wakeDispersal run after each batch, when the dispersal can see it
     */
    EncodeHandler(
            Geometry geometry,
            int index,
            int handlers,
            BlobSplitter splitter,
            PendingBlobs pending,
            Runnable wakeDispersal) {
        this.geometry = geometry;
        this.index = index;
        this.handlers = handlers;
        this.splitter = splitter;
        this.pending = pending;
        this.wakeDispersal = wakeDispersal;
    }

    @Override
    public void setSequenceCallback(Sequence sequence) {
        done = sequence;
    }

    @Override
    public void onEvent(BatchSlot slot, long sequence, boolean endOfBatch) {
        BatchSlot.Work work = slot.work;
        if (sequence % handlers == index && work != null) {
            try {
                slot.encoded = encode(work);
            } catch (RuntimeException | Error fault) {
                // The dispersal fails the batch; the encoder goes on with the next one.
                LOG.log(System.Logger.Level.ERROR, "a batch could not be encoded", fault);
                slot.fault = fault;
            }
        }
        // The processor moves its sequence only after this returns: too late for a dispersal that is woken here.
        done.set(sequence);
        wakeDispersal.run();
    }

    private EncodedBatch encode(BatchSlot.Work work) {
        SliverLayout layout = new SliverLayout(geometry, geometry.symbolSizeBytes(work.lengthBytes()));
        BlobMatrix codec = new BlobMatrix(geometry, layout.symbolSizeBytes());
        MemorySegment memory = work.lease().segment();
        MemorySegment matrix = layout.matrix(memory);
        BlobCommitment commitment = splitter.encodeAndCommit(codec, layout.blob(memory, work.lengthBytes()), matrix);
        // The blob is in the matrix now; its place is needed for the slivers whose symbols the matrix holds scattered.
        for (int column = 0; column < geometry.shards(); column++) {
            codec.copySecondarySliver(matrix, column, layout.secondary(memory, column));
        }
        layout.metadata(memory).copyFrom(MemorySegment.ofArray(commitment.metadata().encode()));
        BundleEntry entry =
                new BundleEntry(commitment.id(), work.namespace(), work.lengthBytes(), work.expiryEpoch());
        return new EncodedBatch(
                entry, layout, memory, pending.add(entry.blobId(), work.handler()), work.lease()::close);
    }
}
