package dev.moraine.ingest.pipeline;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import dev.moraine.codec.Geometry;
import dev.moraine.ingest.disperse.CertificateCache;
import dev.moraine.ingest.disperse.CertificateInquiry;
import dev.moraine.ingest.disperse.CompletionHandler;
import dev.moraine.ingest.disperse.Disperser;
import dev.moraine.ingest.disperse.IngestCounters;
import dev.moraine.ingest.disperse.SliverLayout;
import dev.moraine.ingest.journal.BlobStatus;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.committee.EpochSchedule;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's write path: a batch goes in, its certificate comes out.
 *
 * <p>A submission is answered at once; if it was accepted, the bytes were copied into leased off-heap memory and a slot
 * of the ring holds them. Encoders extend the blob and commit to it, the dispersal agent bundles what is encoded, sends
 * it to the storage nodes and collects their signatures. Everything is bounded: the memory, the ring, the batches
 * without an answer.
 *
 * <p>All methods may be called by any thread.
 */
public final class IngestPipeline implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(IngestPipeline.class.getName());
    private static final long CLOSE_POLL_NS = TimeUnit.MICROSECONDS.toNanos(200);

    private final IngestContext context;
    private final Geometry geometry;
    private final IngestCounters counters;
    private final BatchMemory memory;
    private final CertificateCache certificates;
    private final PendingBlobs pending = new PendingBlobs();
    private final BlobSplitter splitter;
    private final RingBuffer<BatchSlot> ring;
    private final List<BatchEventProcessor<BatchSlot>> encoders = new ArrayList<>();
    private final List<Thread> encoderThreads = new ArrayList<>();
    private final Disperser disperser;
    private final AgentRunner runner;
    private final Admission overCapacity;
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicBoolean closing = new AtomicBoolean();

    private IngestPipeline(IngestContext context) {
        this.context = context;
        this.geometry = context.committee().geometry();
        this.counters = new IngestCounters(context.committee().members().size());
        this.memory = new BatchMemory(context.memoryBudgetBytes);
        this.splitter = new BlobSplitter(context.splitThreads);
        this.certificates = new CertificateCache(context.certificateCacheEntries, context.journal());
        this.overCapacity = new Admission(Admission.Verdict.OVER_CAPACITY, context.retryDelayMs);
        this.ring = RingBuffer.createMultiProducer(BatchSlot::new, context.ringSlots, new BlockingWaitStrategy());
        RingSource source = new RingSource();
        this.disperser = new Disperser(context.dispersalSettings(counters, certificates), source);
        source.read(poller());
        this.runner = new AgentRunner(
                disperser.idle(),
                fault -> LOG.log(System.Logger.Level.ERROR, "the dispersal failed and goes on", fault),
                null,
                disperser);
    }

    /**
     * Starts a pipeline with its threads.
     *
     * @param context what to work with
     * @return the running pipeline
     * @throws IllegalArgumentException if the context holds a value out of its range
     */
    public static IngestPipeline start(IngestContext context) {
        IngestPipeline pipeline = new IngestPipeline(context.conclude());
        pipeline.encoderThreads.forEach(Thread::start);
        AgentRunner.startOnThread(pipeline.runner);
        return pipeline;
    }

    private EventPoller<BatchSlot> poller() {
        Sequence[] encoded = new Sequence[context.encoders];
        for (int i = 0; i < encoded.length; i++) {
            // One event at a time: the encoder's sequence is what lets an encoded batch out of the ring.
            BatchEventProcessor<BatchSlot> encoder = new BatchEventProcessorBuilder()
                    .setMaxBatchSize(1)
                    .build(
                            ring,
                            ring.newBarrier(),
                            new EncodeHandler(
                                    geometry, i, encoded.length, splitter, pending, disperser.idle()::wake));
            encoder.setExceptionHandler(new EncoderFaults());
            encoders.add(encoder);
            encoderThreads.add(Thread.ofPlatform().name("moraine-encode-" + i).unstarted(encoder));
            encoded[i] = encoder.getSequence();
        }
        EventPoller<BatchSlot> poller = ring.newPoller(encoded);
        ring.addGatingSequences(poller.getSequence());
        return poller;
    }

    /**
     * Submits a batch; see {@link #submit(MemorySegment, Namespace, long, CompletionHandler)}.
     *
     * @param payload the batch, copied before the method returns
     * @param namespace whose batch it is
     * @param expiryEpoch the last epoch in which it is kept
     * @param handler who gets the answer
     * @return whether it was accepted
     */
    public Admission submit(byte[] payload, Namespace namespace, long expiryEpoch, CompletionHandler handler) {
        return submit(MemorySegment.ofArray(payload), namespace, expiryEpoch, handler);
    }

    /**
     * Submits a batch. It never waits. If the batch is accepted, the handler gets exactly one answer; if not, none.
     *
     * @param payload the batch, copied before the method returns
     * @param namespace whose batch it is
     * @param expiryEpoch the last epoch in which it is kept, from the current one to the retention limit
     * @param handler who gets the answer
     * @return whether it was accepted, or why not
     */
    public Admission submit(
            MemorySegment payload, Namespace namespace, long expiryEpoch, CompletionHandler handler) {
        long lengthBytes = payload.byteSize();
        if (lengthBytes == 0) {
            return Admission.EMPTY;
        }
        if (lengthBytes > context.maxBlobBytes) {
            return Admission.TOO_LARGE;
        }
        if (!isExpiryInRange(expiryEpoch)) {
            return Admission.EXPIRY_OUT_OF_RANGE;
        }
        if (context.journal() != null && !context.journal().isAccepting()) {
            return Admission.NOT_DURABLE;
        }
        // Counted before the look at the flag: whoever closes sets the flag first and then looks at the count.
        int before = unanswered.getAndIncrement();
        boolean accepted = false;
        try {
            if (closing.get()) {
                return Admission.CLOSED;
            }
            accepted = before < context.maxUnansweredBatches && accept(payload, namespace, expiryEpoch, handler);
            return accepted ? Admission.ACCEPTED : overCapacity;
        } finally {
            if (!accepted) {
                unanswered.decrementAndGet();
            }
        }
    }

    private boolean accept(
            MemorySegment payload, Namespace namespace, long expiryEpoch, CompletionHandler handler) {
        long lengthBytes = payload.byteSize();
        SliverLayout layout = new SliverLayout(geometry, geometry.symbolSizeBytes(lengthBytes));
        BatchMemory.Lease lease = ring.hasAvailableCapacity(1) ? memory.tryLease(layout.totalBytes()) : null;
        if (lease == null) {
            return false;
        }
        boolean published = false;
        try {
            layout.blob(lease.segment(), lengthBytes).copyFrom(payload);
            published = publish(new BatchSlot.Work(
                    lease, lengthBytes, namespace, expiryEpoch,
                    new CountedCompletion(handler, counters, unanswered)));
        } finally {
            if (!published) {
                lease.close();
            }
        }
        return published;
    }

    private boolean publish(BatchSlot.Work work) {
        long sequence;
        try {
            sequence = ring.tryNext();
        } catch (InsufficientCapacityException full) {
            return false;
        }
        counters.countAccepted();
        ring.get(sequence).work = work;
        ring.publish(sequence);
        return true;
    }

    private boolean isExpiryInRange(long expiryEpoch) {
        long epoch = context.committee().epochs().epochAt(context.epochClock.time());
        return epoch != EpochSchedule.BEFORE_GENESIS
                && expiryEpoch >= epoch
                && expiryEpoch - epoch <= context.committee().retentionEpochs();
    }

    /**
     * Where a blob stands, as far as this gateway knows: a blob that another gateway wrote is {@link BlobStatus#UNKNOWN},
     * and so is one of which the certificate gave way in the journal; {@link #askNodes} finds those, too.
     *
     * @param id the blob
     * @return its status
     */
    public BlobStatus status(BlobId id) {
        if (certificate(id) != null) {
            return BlobStatus.CERTIFIED;
        }
        if (pending.contains(id)) {
            return BlobStatus.PENDING;
        }
        // It may have been certified between the two looks.
        return certificate(id) != null ? BlobStatus.CERTIFIED : BlobStatus.UNKNOWN;
    }

    /**
     * The certificate of a blob that lives longest, among those that this gateway handed out.
     *
     * @param id the blob
     * @return the certificate, or null if there is none that has not expired
     */
    public @Nullable BlobCertificate certificate(BlobId id) {
        long epoch = context.committee().epochs().epochAt(context.epochClock.time());
        return epoch == EpochSchedule.BEFORE_GENESIS ? null : certificates.find(id, epoch);
    }

    /**
     * Asks all nodes for the certificate of a blob: what was in flight when a gateway ended may have been certified all
     * the same.
     *
     * @param id the blob
     * @return completes with the first certificate that verifies and has not expired, or with none when no node has one or
     *     the time-out of nodes is over
     */
    public CompletableFuture<Optional<BlobCertificate>> askNodes(BlobId id) {
        return CertificateInquiry.start(
                context.committee(),
                context.connections(),
                id,
                context.committee().epochs().epochAt(context.epochClock.time()),
                context.nodeTimeoutNs);
    }

    /** {@return what was counted since the start} */
    public IngestCounters counters() {
        return counters;
    }

    /** {@return the bytes of memory that batches hold now} */
    public long leasedBytes() {
        return memory.leasedBytes();
    }

    /** {@return accepted batches that have no answer yet} */
    public int unansweredBatches() {
        return unanswered.get();
    }

    /**
     * Refuses new batches, gives those in flight a bounded time, fails the rest, and stops the threads. Memory that a
     * connection still reads is freed when the connection lets go of it. Not to be called by a completion handler.
     */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        disperser.finish();
        awaitUntil(() -> unanswered.get() == 0 && disperser.isQuiet());
        disperser.abort();
        // The encoders finish what they have begun, and the agent fails it: this cannot wait on anybody outside.
        while (unanswered.get() != 0) {
            LockSupport.parkNanos(CLOSE_POLL_NS);
        }
        encoders.forEach(BatchEventProcessor::halt);
        encoderThreads.forEach(IngestPipeline::join);
        splitter.close();
        runner.close();
        memory.close();
    }

    private void awaitUntil(BooleanSupplier condition) {
        NanoClock clock = context.nanoClock;
        long deadlineNs = clock.nanoTime() + context.closeTimeoutNs;
        while (!condition.getAsBoolean() && clock.nanoTime() - deadlineNs < 0) {
            LockSupport.parkNanos(CLOSE_POLL_NS);
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The handler itself keeps what goes wrong with a batch; what comes here is a fault of the handler. */
    private static final class EncoderFaults implements com.lmax.disruptor.ExceptionHandler<BatchSlot> {
        @Override
        public void handleEventException(Throwable fault, long sequence, @Nullable BatchSlot slot) {
            LOG.log(System.Logger.Level.ERROR, "an encoder failed", fault);
        }

        @Override
        public void handleOnStartException(Throwable fault) {
            LOG.log(System.Logger.Level.ERROR, "an encoder did not start", fault);
        }

        @Override
        public void handleOnShutdownException(Throwable fault) {
            LOG.log(System.Logger.Level.ERROR, "an encoder did not stop", fault);
        }
    }
}
