package dev.moraine.sampling.audit;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.AvailabilityVerdict;
import dev.moraine.proofs.certificate.AvailabilityVerdict.Outcome;
import dev.moraine.proofs.certificate.BlsSecretKey;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.ClientMessage;
import dev.moraine.wire.message.GetVerdict;
import dev.moraine.wire.message.VerdictAnswer;
import dev.moraine.wire.message.VerdictState;
import dev.moraine.wire.transport.PeerChannel;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Gives a node's verdicts on whole blobs (protocol, section 6). It reads a blob once for any number of askers, within a
 * budget, signs WHOLE or WRONG, whichever it found, and remembers it. While a blob is unavailable it signs nothing.
 *
 * <p>Only blobs that the node owes to somebody are read: an unknown or expired one is answered NOT_YET at once. What goes
 * past the limits is put off.
 *
 * <p>Requests come from any thread, one thread runs the agent, and a few threads of its own read.
 */
public final class VerdictAgent implements Agent {
    private static final Logger LOGGER = System.getLogger(VerdictAgent.class.getName());
    private static final int MAX_REQUESTS_PER_DUTY_CYCLE = 64;
    private static final int RETRY_DELAY_MS = 500;

    /** How many verdicts are remembered; the one that was not used for longest is forgotten first. */
    private static final int MAX_REMEMBERED = 1 << 16;

    /** What a read costs of the budget at the least, also one that found nothing. */
    private static final long LEAST_COST_BYTES = 64 << 10;

    private final WholeReads reads;
    private final Predicate<BlobId> isOwed;
    private final Digest deploymentId;
    private final BlsSecretKey secretKey;
    private final NanoClock clock;
    private final AuditSettings settings;
    private final Runnable onEvent;
    private final ManyToOneConcurrentArrayQueue<Request> arrived;
    private final Queue<Finished> finished = new ConcurrentLinkedQueue<>();
    private final Map<BlobId, Audit> audits = new LinkedHashMap<>();
    private final Map<BlobId, Signed> remembered = new Remembered();
    private final AuditCounters counters = new AuditCounters();
    private final ExecutorService readers;
    private int running;
    private int waiting;
    private double budgetBytes;
    private long budgetAtNs;

    private record Request(PeerChannel from, GetVerdict message) {}

    private record Waiter(PeerChannel from, long requestId, long deadlineNs) {}

    @SuppressWarnings("ArrayRecordComponent") // Sent on as it is, never compared.
    private record Signed(VerdictState state, byte[] signature) {}

    private record Finished(BlobId blobId, @Nullable Signed signed, long bytes) {}

    /** A blob that is to be read, or that could not be read lately. */
    private static final class Audit {
        private final List<Waiter> waiters = new ArrayList<>();
        private boolean isReading;
        private long notBeforeNs;

        private Audit(long nowNs) {
            notBeforeNs = nowNs;
        }
    }

    /** Forgets the entry that was not used for longest. */
    private static final class Remembered extends LinkedHashMap<BlobId, Signed> {
        private static final long serialVersionUID = 1;

        Remembered() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<BlobId, Signed> eldest) {
            return size() > MAX_REMEMBERED;
        }
    }

    /**
     * An agent that has read nothing.
     *
     * @param reads reads blobs
     * @param isOwed whether the node has signed for a blob, or knows its certificate, and it has not expired
     * @param deploymentId what verdicts are signed for
     * @param secretKey the node's
     * @param clock times requests and the budget
     * @param settings the limits
     * @param onEvent told, on any thread, that there is work; must not block
     */
    public VerdictAgent(
            WholeReads reads,
            Predicate<BlobId> isOwed,
            Digest deploymentId,
            BlsSecretKey secretKey,
            NanoClock clock,
            AuditSettings settings,
            Runnable onEvent) {
        this.reads = reads;
        this.isOwed = isOwed;
        this.deploymentId = deploymentId;
        this.secretKey = secretKey;
        this.clock = clock;
        this.settings = settings;
        this.onEvent = onEvent;
        arrived = new ManyToOneConcurrentArrayQueue<>(settings.maxWaiters());
        readers = Executors.newFixedThreadPool(
                settings.maxReads(), Thread.ofPlatform().daemon().name("audit-", 0).factory());
        budgetBytes = settings.bytesPerSecond();
        budgetAtNs = clock.nanoTime();
    }

    /**
     * Queues a request, or answers that there is no room. Any thread; never blocks.
     *
     * @param from who asks
     * @param request the request
     * @return false if it is not about a verdict, and nothing was done
     */
    public boolean onRequest(PeerChannel from, ClientMessage request) {
        if (!(request instanceof GetVerdict get)) {
            return false;
        }
        if (!arrived.offer(new Request(from, get))) {
            putOff(from, get.requestId());
        }
        return true;
    }

    /**
     * What this agent counts.
     *
     * @return live counters, to be read by any thread
     */
    public AuditCounters counters() {
        return counters;
    }

    @Override
    public int doWork() {
        long nowNs = clock.nanoTime();
        int work = arrived.drain(request -> start(request, nowNs), MAX_REQUESTS_PER_DUTY_CYCLE);
        for (Finished end = finished.poll(); end != null; end = finished.poll()) {
            finish(end, nowNs);
            work++;
        }
        return work + endWaits(nowNs) + read(nowNs);
    }

    @Override
    public void onClose() {
        readers.shutdownNow();
        arrived.clear();
        audits.clear();
    }

    @Override
    public String roleName() {
        return "moraine-audit";
    }

    private void start(Request request, long nowNs) {
        GetVerdict message = request.message();
        BlobId blobId = BlobId.of(message.blobId());
        Signed signed = remembered.get(blobId);
        if (signed != null) {
            request.from().send(new VerdictAnswer(message.requestId(), signed.state(), signed.signature()));
            return;
        }
        if (!isOwed.test(blobId)) {
            notYet(request.from(), message.requestId());
            return;
        }
        Audit audit = audits.get(blobId);
        if (waiting >= settings.maxWaiters() || (audit == null && audits.size() >= settings.maxBlobs())) {
            putOff(request.from(), message.requestId());
            return;
        }
        if (audit == null) {
            audit = new Audit(nowNs);
            audits.put(blobId, audit);
        }
        waiting++;
        audit.waiters.add(new Waiter(
                request.from(),
                message.requestId(),
                nowNs + TimeUnit.MILLISECONDS.toNanos(message.waitMs())));
    }

    /** Answers those whose time is over, and forgets blobs that nobody waits for. */
    private int endWaits(long nowNs) {
        int ended = 0;
        for (Iterator<Audit> all = audits.values().iterator(); all.hasNext(); ) {
            Audit audit = all.next();
            for (Iterator<Waiter> each = audit.waiters.iterator(); each.hasNext(); ) {
                Waiter waiter = each.next();
                if (nowNs - waiter.deadlineNs() >= 0 || !waiter.from().isOpen()) {
                    notYet(waiter.from(), waiter.requestId());
                    each.remove();
                    waiting--;
                    ended++;
                }
            }
            if (audit.waiters.isEmpty() && !audit.isReading && nowNs - audit.notBeforeNs >= 0) {
                all.remove();
            }
        }
        return ended;
    }

    private int read(long nowNs) {
        double elapsedSeconds = (nowNs - budgetAtNs) / (double) TimeUnit.SECONDS.toNanos(1);
        double bytesPerSecond = settings.bytesPerSecond();
        budgetAtNs = nowNs;
        budgetBytes = Math.min(bytesPerSecond, budgetBytes + elapsedSeconds * bytesPerSecond);
        int started = 0;
        for (Map.Entry<BlobId, Audit> each : audits.entrySet()) {
            Audit audit = each.getValue();
            if (running >= settings.maxReads() || budgetBytes <= 0) {
                break;
            }
            if (!audit.isReading && !audit.waiters.isEmpty() && nowNs - audit.notBeforeNs >= 0) {
                audit.isReading = true;
                running++;
                started++;
                BlobId blobId = each.getKey();
                readers.execute(() -> readAndSign(blobId));
            }
        }
        return started;
    }

    /** On a thread that reads. */
    private void readAndSign(BlobId blobId) {
        Signed signed = null;
        long bytes = 0;
        try {
            WholeReads.Found found = reads.read(blobId, settings.readTimeout());
            bytes = found.bytes();
            signed = found.outcome().map(outcome -> sign(blobId, outcome)).orElse(null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | OutOfMemoryError e) {
            LOGGER.log(Level.WARNING, "blob " + blobId + " could not be read for a verdict", e);
        } finally {
            finished.add(new Finished(blobId, signed, bytes));
            onEvent.run();
        }
    }

    private Signed sign(BlobId blobId, Outcome outcome) {
        byte[] statement = new AvailabilityVerdict(outcome, deploymentId, blobId).encode();
        return new Signed(
                outcome == Outcome.WHOLE ? VerdictState.WHOLE : VerdictState.WRONG,
                secretKey.sign(statement).encode());
    }

    private void finish(Finished end, long nowNs) {
        running--;
        budgetBytes -= Math.max(end.bytes(), LEAST_COST_BYTES);
        Signed signed = end.signed();
        counters.addRead(Optional.ofNullable(signed).map(Signed::state).orElse(VerdictState.NOT_YET));
        Audit audit = audits.get(end.blobId());
        if (audit == null) {
            return;
        }
        audit.isReading = false;
        if (signed == null) {
            // Whoever waits goes on waiting: the blob is read again after a while.
            audit.notBeforeNs = nowNs + settings.retryDelay().toNanos();
            return;
        }
        remembered.put(end.blobId(), signed);
        audits.remove(end.blobId());
        waiting -= audit.waiters.size();
        for (Waiter waiter : audit.waiters) {
            waiter.from().send(new VerdictAnswer(waiter.requestId(), signed.state(), signed.signature()));
        }
    }

    private static void notYet(PeerChannel to, long requestId) {
        to.send(new VerdictAnswer(requestId, VerdictState.NOT_YET, new byte[0]));
    }

    private void putOff(PeerChannel to, long requestId) {
        counters.addPutOff();
        to.send(new Busy(requestId, RETRY_DELAY_MS));
    }
}
