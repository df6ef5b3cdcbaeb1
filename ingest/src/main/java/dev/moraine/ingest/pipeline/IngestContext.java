package dev.moraine.ingest.pipeline;

import dev.moraine.ingest.disperse.CertificateCache;
import dev.moraine.ingest.disperse.DispersalSettings;
import dev.moraine.ingest.disperse.IngestCounters;
import dev.moraine.ingest.journal.CertificateJournal;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.WriterKey;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.transport.PeerConnection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of an {@link IngestPipeline}. Committee, writer key and connections have to be set, everything else
 * has a default.
 *
 * <p>Not thread-safe; not to be changed after {@link #conclude()}.
 */
public final class IngestContext {
    /** Most slots of the ring. */
    public static final int MAX_RING_SLOTS = 1 << 20;

    /** Most encoders. */
    public static final int MAX_ENCODERS = 256;

    /** Most bundles that wait for their quorum at a time. */
    public static final int MAX_BUNDLES_IN_FLIGHT = 64;

    /** Smallest window of unwritten slivers: one frame. */
    public static final long MIN_SEND_WINDOW_BYTES = MessageLimits.MAX_SLIVER_DATA_BYTES;

    /** The window of unwritten slivers where none is set. */
    public static final long DEFAULT_SEND_WINDOW_BYTES = 4L << 20;

    /** Most batches that may wait for an answer, those that wait with another one of the same bytes included. */
    public static final int MAX_UNANSWERED_BATCHES = 1 << 24;

    /** Most certificates kept for batches that are posted again. */
    public static final int MAX_CERTIFICATE_CACHE_ENTRIES = 1 << 20;

    /** Longest of all time-outs. */
    public static final long MAX_TIMEOUT_NS = TimeUnit.HOURS.toNanos(1);

    private @Nullable Committee committee;
    private @Nullable WriterKey writerKey;
    private @Nullable List<PeerConnection> connections;
    int ringSlots = 1024;
    int encoders = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    int splitThreads = Runtime.getRuntime().availableProcessors();
    long maxBlobBytes = 64L << 20;
    long memoryBudgetBytes = 1L << 30;
    int maxBundleBatches = Bundle.MAX_ENTRIES;
    long maxBundleBytes = 64L << 20;
    int bundlesInFlight = 4;
    int maxUnansweredBatches = 1 << 16;
    long nodeTimeoutNs = TimeUnit.SECONDS.toNanos(15);
    long tailTimeoutNs = TimeUnit.SECONDS.toNanos(3);
    long closeTimeoutNs = TimeUnit.SECONDS.toNanos(5);
    long sendWindowBytes = DEFAULT_SEND_WINDOW_BYTES;
    long maxNodeBodyBytes = 256L << 20;
    long quorumPatienceNs = TimeUnit.SECONDS.toNanos(6);
    long nodeQueueBytes = 64L << 20;
    private @Nullable CertificateJournal journal;
    int certificateCacheEntries = 8192;
    int retryDelayMs = 50;
    EpochClock epochClock = SystemEpochClock.INSTANCE;
    NanoClock nanoClock = SystemNanoClock.INSTANCE;

    /**
     * Checks everything.
     *
     * @return this context
     * @throws IllegalArgumentException if a value is missing or out of its range; names field, value and limit
     */
    public IngestContext conclude() {
        IngestLimits.check(this);
        return this;
    }

    private static <T> T present(String field, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(field + " must be set");
        }
        return value;
    }

    /**
     * What the dispersal needs of this.
     *
     * @param counters the pipeline's counters
     * @param certificates the pipeline's certificates
     * @return the settings
     */
    DispersalSettings dispersalSettings(IngestCounters counters, CertificateCache certificates) {
        return new DispersalSettings(
                committee(),
                writerKey(),
                connections(),
                bundlesInFlight,
                maxBundleBatches,
                maxBundleBytes,
                maxNodeBodyBytes,
                nodeTimeoutNs,
                tailTimeoutNs,
                quorumPatienceNs,
                nodeQueueBytes,
                sendWindowBytes,
                certificates,
                journal,
                epochClock,
                nanoClock,
                counters);
    }

    /** {@return who stores and signs} */
    Committee committee() {
        return present("committee", committee);
    }

    /**
     * Sets who stores and signs.
     *
     * @param committee the value
     * @return this
     */
    public IngestContext committee(Committee committee) {
        this.committee = committee;
        return this;
    }

    /** {@return the key that signs this gateway's write rights} */
    WriterKey writerKey() {
        return present("writerKey", writerKey);
    }

    /**
     * Sets the key that signs this gateway's write rights.
     *
     * @param writerKey the value
     * @return this
     */
    public IngestContext writerKey(WriterKey writerKey) {
        this.writerKey = writerKey;
        return this;
    }

    /** {@return one connection for each member, in the committee's order; the pipeline does not close them} */
    List<PeerConnection> connections() {
        return present("connections", connections);
    }

    /**
     * Sets one connection for each member, in the committee's order; the pipeline does not close them.
     *
     * @param connections the value
     * @return this
     */
    public IngestContext connections(List<PeerConnection> connections) {
        this.connections = List.copyOf(connections);
        return this;
    }

    /**
     * Sets the slots of the ring, a power of two: batches that are accepted and in no bundle yet.
     *
     * @param ringSlots the value
     * @return this
     */
    public IngestContext ringSlots(int ringSlots) {
        this.ringSlots = ringSlots;
        return this;
    }

    /**
     * Sets how many threads encode.
     *
     * @param encoders the value
     * @return this
     */
    public IngestContext encoders(int encoders) {
        this.encoders = encoders;
        return this;
    }

    /**
     * Sets the longest batch that is accepted.
     *
     * @param maxBlobBytes the value
     * @return this
     */
    public IngestContext maxBlobBytes(long maxBlobBytes) {
        this.maxBlobBytes = maxBlobBytes;
        return this;
    }

    /**
     * Sets the most off-heap memory for batches, above what one batch of the longest length takes when it is encoded:
     * about six times its length in a large committee.
     *
     * @param memoryBudgetBytes the value
     * @return this
     */
    public IngestContext memoryBudgetBytes(long memoryBudgetBytes) {
        this.memoryBudgetBytes = memoryBudgetBytes;
        return this;
    }

    /**
     * Sets the most batches in a bundle.
     *
     * @param maxBundleBatches the value
     * @return this
     */
    public IngestContext maxBundleBatches(int maxBundleBatches) {
        this.maxBundleBatches = maxBundleBatches;
        return this;
    }

    /**
     * Sets the most blob bytes in a bundle.
     *
     * @param maxBundleBytes the value
     * @return this
     */
    public IngestContext maxBundleBytes(long maxBundleBytes) {
        this.maxBundleBytes = maxBundleBytes;
        return this;
    }

    /**
     * Sets how many bundles may wait for their quorum at a time.
     *
     * @param bundlesInFlight the value
     * @return this
     */
    public IngestContext bundlesInFlight(int bundlesInFlight) {
        this.bundlesInFlight = bundlesInFlight;
        return this;
    }

    /**
     * Sets the most accepted batches that wait for an answer.
     *
     * @param maxUnansweredBatches the value
     * @return this
     */
    public IngestContext maxUnansweredBatches(int maxUnansweredBatches) {
        this.maxUnansweredBatches = maxUnansweredBatches;
        return this;
    }

    /**
     * Sets how long a node may take from the offer of a bundle to its signature.
     *
     * @param nodeTimeoutNs the value
     * @return this
     */
    public IngestContext nodeTimeoutNs(long nodeTimeoutNs) {
        this.nodeTimeoutNs = nodeTimeoutNs;
        return this;
    }

    /**
     * Sets how long nodes that are late may take after the quorum.
     *
     * @param tailTimeoutNs the value
     * @return this
     */
    public IngestContext tailTimeoutNs(long tailTimeoutNs) {
        this.tailTimeoutNs = tailTimeoutNs;
        return this;
    }

    /**
     * Sets how long a close waits for what is in flight.
     *
     * @param closeTimeoutNs the value
     * @return this
     */
    public IngestContext closeTimeoutNs(long closeTimeoutNs) {
        this.closeTimeoutNs = closeTimeoutNs;
        return this;
    }

    /**
     * Sets the most bytes of slivers that wait in one connection; below its outbound limit.
     *
     * @param sendWindowBytes the value
     * @return this
     */
    public IngestContext sendWindowBytes(long sendWindowBytes) {
        this.sendWindowBytes = sendWindowBytes;
        return this;
    }

    /**
     * Sets how many certificates are kept for batches that are posted again.
     *
     * @param certificateCacheEntries the value
     * @return this
     */
    public IngestContext certificateCacheEntries(int certificateCacheEntries) {
        this.certificateCacheEntries = certificateCacheEntries;
        return this;
    }

    /**
     * Sets the delay that a rejection for lack of room names.
     *
     * @param retryDelayMs the value
     * @return this
     */
    public IngestContext retryDelayMs(int retryDelayMs) {
        this.retryDelayMs = retryDelayMs;
        return this;
    }

    /**
     * Sets gives the current epoch.
     *
     * @param epochClock the value
     * @return this
     */
    public IngestContext epochClock(EpochClock epochClock) {
        this.epochClock = epochClock;
        return this;
    }

    /**
     * Sets gives deadlines.
     *
     * @param nanoClock the value
     * @return this
     */
    public IngestContext nanoClock(NanoClock nanoClock) {
        this.nanoClock = nanoClock;
        return this;
    }

    /** {@return what keeps certificates before they are handed out, or null} */
    @Nullable CertificateJournal journal() {
        return journal;
    }

    /**
     * Sets what keeps certificates before they are handed out. Without it a gateway that ends forgets what it
     * acknowledged; the nodes do not.
     *
     * @param value an open journal of the same committee; the pipeline does not close it
     * @return this
     */
    public IngestContext journal(CertificateJournal value) {
        this.journal = value;
        return this;
    }

    /**
     * Sets how much memory the nodes grant to the bodies of one bundle; bundles are made so that none refuses them.
     *
     * @param value what every node's configuration has as its limit, at least what the longest batch takes
     * @return this
     */
    public IngestContext maxNodeBodyBytes(long value) {
        this.maxNodeBodyBytes = value;
        return this;
    }

    /**
     * Sets how long a bundle that lacks a quorum asks nodes again that could not be reached.
     *
     * @param value nanoseconds from the first offer; 0 fails it at once
     * @return this
     */
    public IngestContext quorumPatienceNs(long value) {
        this.quorumPatienceNs = value;
        return this;
    }

    /**
     * Sets how many bytes of slivers of certified bundles may wait for one node; beyond, the oldest bundle gives up on it.
     *
     * @param value bytes
     * @return this
     */
    public IngestContext nodeQueueBytes(long value) {
        this.nodeQueueBytes = value;
        return this;
    }
}
