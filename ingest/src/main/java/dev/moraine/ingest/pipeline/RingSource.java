package dev.moraine.ingest.pipeline;

import com.lmax.disruptor.EventPoller;
import dev.moraine.ingest.disperse.BatchFailure;
import dev.moraine.ingest.disperse.BatchSource;
import dev.moraine.ingest.disperse.EncodedBatch;
import dev.moraine.ingest.disperse.FailureReason;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The end of the ring: batches stay in their slots until the dispersal has room for another bundle. */
final class RingSource implements BatchSource {
    private final EventPoller.Handler<BatchSlot> onSlot = this::onSlot;
    private @Nullable EventPoller<BatchSlot> poller;
    private Predicate<EncodedBatch> receiver = batch -> false;
    private int polled;

    /**
     * Sets where to read, before the first poll.
     *
     * @param behindEncoders gated on all of them
     */
    void read(EventPoller<BatchSlot> behindEncoders) {
        poller = behindEncoders;
    }

    @Override
    public int poll(Predicate<EncodedBatch> newReceiver) {
        receiver = newReceiver;
        polled = 0;
        EventPoller<BatchSlot> ring = poller;
        if (ring == null) {
            return 0;
        }
        try {
            ring.poll(onSlot);
        } catch (Exception fault) {
            throw new IllegalStateException("the ring could not be read", fault);
        }
        return polled;
    }

    private boolean onSlot(BatchSlot slot, long sequence, boolean endOfBatch) {
        polled++;
        BatchSlot.Work work = slot.work;
        EncodedBatch encoded = slot.encoded;
        Throwable fault = slot.fault;
        slot.clear();
        if (encoded != null) {
            return receiver.test(encoded);
        }
        if (work != null) {
            work.lease().close();
            work.handler()
                    .onFailed(BatchFailure.of(FailureReason.INTERNAL, "the batch could not be encoded: " + fault));
        }
        return true;
    }
}
