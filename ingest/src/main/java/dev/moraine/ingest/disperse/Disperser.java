package dev.moraine.ingest.disperse;

import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.committee.EpochSchedule;
import dev.moraine.wire.transport.WakeUpIdle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.agrona.concurrent.Agent;

/**
 * The dispersal agent: makes a bundle of whatever is encoded as soon as another bundle may be in flight, sends it to
 * all nodes, and answers those who wait for certificates. It is the only owner of bundles, deadlines and retries;
 * network threads leave it events.
 *
 * <p>Only {@link #isQuiet()}, {@link #idle()}, {@link #finish()} and {@link #abort()} may be called by other threads.
 */
public final class Disperser implements Agent {
    /** Bundles that may wait for late nodes after their quorum. The oldest is ended first: its late nodes repair. */
    static final int MAX_TAILS = 64;

    private static final System.Logger LOG = System.getLogger(Disperser.class.getName());
    private static final long STALL_CHECK_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Retries and deadlines are late by this much at most. */
    private static final long MAX_SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private final WakeUpIdle idle = new WakeUpIdle(MAX_SLEEP_NS);
    private final DispersalSettings settings;
    private final BatchSource source;
    private final DispersalResources resources;
    private final BundleAssembler assembler;
    private final CertificateSpreader spreader;
    private final List<BundleDispersal> open = new ArrayList<>();
    private final Listener listener = new Listener();
    private final Predicate<EncodedBatch> whileRoom = this::take;

    private long pollEpoch;
    private long nextStallCheckNs;
    private boolean finishing;
    private volatile boolean finishWanted;
    private volatile boolean abortWanted;
    private volatile boolean quiet = true;

    /**
     * Prepares the agent.
     *
     * @param settings what to work with
     * @param source where encoded batches come from
     */
    public Disperser(DispersalSettings settings, BatchSource source) {
        this.settings = settings;
        this.source = source;
        List<PeerQueue> peers = settings.connections().stream()
                .map(connection -> new PeerQueue(connection, settings.sendWindowBytes(), idle::wake))
                .toList();
        this.resources = new DispersalResources(settings, new Mailbox(idle::wake), peers);
        this.assembler = new BundleAssembler(
                settings.maxBundleBatches(),
                settings.maxBundleBytes(),
                new CertificateCache(settings.certificateCacheEntries()),
                settings.counters());
        this.spreader = new CertificateSpreader(resources);
        this.nextStallCheckNs = settings.nanoClock().nanoTime() + STALL_CHECK_NS;
    }

    /** {@return whether the last round left no bundle open and no certificate to deliver} */
    public boolean isQuiet() {
        return quiet;
    }

    /**
     * How the thread of this agent waits for work; whoever gives the source a batch wakes it.
     *
     * @return the agent's idle strategy
     */
    public WakeUpIdle idle() {
        return idle;
    }

    /** From now on failed deliveries of certificates are not repeated, so that the agent gets quiet. */
    public void finish() {
        finishWanted = true;
        idle.wake();
    }

    /** From now on every batch without an answer, and every one to come, fails as closed. */
    public void abort() {
        abortWanted = true;
        idle.wake();
    }

    @Override
    public int doWork() {
        int work = resources.mailbox().drain();
        if (finishWanted && !finishing) {
            finishing = true;
            spreader.makeLastAttempts();
        }
        work += abortWanted ? failEverything() : startBundles();
        long nowNs = settings.nanoClock().nanoTime();
        work += tendBundles(nowNs);
        work += spreader.onTime(nowNs);
        for (PeerQueue peer : resources.peers()) {
            work += peer.pump();
        }
        if (nowNs - nextStallCheckNs >= 0) {
            nextStallCheckNs = nowNs + STALL_CHECK_NS;
            resetStalled(nowNs);
        }
        quiet = open.isEmpty() && spreader.isIdle();
        return work;
    }

    @Override
    public void onClose() {
        failEverything();
        quiet = true;
    }

    @Override
    public String roleName() {
        return "moraine-disperse";
    }

    private int startBundles() {
        pollEpoch = epochNow();
        if (pollEpoch == EpochSchedule.BEFORE_GENESIS) {
            return 0;
        }
        int work = 0;
        for (int room = settings.bundlesInFlight() - countCollecting(); room > 0; room--) {
            if (!assembler.isFull()) {
                work += source.poll(whileRoom);
            }
            List<EncodedBatch> batches = assembler.next(pollEpoch);
            if (batches.isEmpty()) {
                break;
            }
            startBundle(batches);
            work++;
        }
        return work;
    }

    private void startBundle(List<EncodedBatch> batches) {
        BundleDispersal bundle;
        try {
            bundle = new BundleDispersal(resources, listener, batches, pollEpoch);
        } catch (RuntimeException fault) {
            LOG.log(System.Logger.Level.ERROR, "a bundle could not be made", fault);
            BatchFailure failure = BatchFailure.of(FailureReason.INTERNAL, "the gateway failed: " + fault);
            for (EncodedBatch batch : batches) {
                assembler.failed(batch, failure);
                batch.release();
            }
            return;
        }
        open.add(bundle);
        bundle.guard(bundle::start);
    }

    private boolean take(EncodedBatch batch) {
        assembler.add(batch, pollEpoch);
        return abortWanted || !assembler.isFull();
    }

    private int countCollecting() {
        int collecting = 0;
        for (int i = 0; i < open.size(); i++) {
            collecting += open.get(i).isCollecting() ? 1 : 0;
        }
        return collecting;
    }

    private int tendBundles(long nowNs) {
        int work = 0;
        for (int i = 0; i < open.size(); i++) {
            work += open.get(i).onTime(nowNs);
        }
        int tails = open.size() - countCollecting();
        for (int i = 0; tails > MAX_TAILS; i++) {
            BundleDispersal bundle = open.get(i);
            if (!bundle.isCollecting()) {
                settings.counters().countTailCut();
                bundle.guard(() -> bundle.endTail("too many bundles are open"));
                tails--;
            }
        }
        open.removeIf(BundleDispersal::isOver);
        return work;
    }

    private int failEverything() {
        BatchFailure closed = BatchFailure.of(FailureReason.CLOSED, "the gateway was closed");
        pollEpoch = epochNow();
        int work = source.poll(whileRoom) + open.size();
        open.forEach(bundle -> bundle.giveUp(closed));
        open.clear();
        return work + assembler.failAll(closed);
    }

    private void resetStalled(long nowNs) {
        for (PeerQueue peer : resources.peers()) {
            if (peer.resetIfStalled(nowNs, settings.nodeTimeoutNs())) {
                settings.counters().countConnectionReset();
            }
        }
    }

    private long epochNow() {
        return settings.committee().epochs().epochAt(settings.epochClock().time());
    }

    private final class Listener implements BundleListener {
        @Override
        public void onCertified(List<EncodedBatch> batches, Bundle bundle, Certificate certificate) {
            for (int index = 0; index < batches.size(); index++) {
                assembler.certified(batches.get(index), bundle.blobCertificate(certificate, index));
            }
            spreader.spread(certificate, bundle);
        }

        @Override
        public void onFailed(EncodedBatch batch, BatchFailure failure) {
            assembler.failed(batch, failure);
        }

        @Override
        public void onBundleAgain(List<EncodedBatch> batches) {
            assembler.bundleAgain(batches);
        }
    }
}
