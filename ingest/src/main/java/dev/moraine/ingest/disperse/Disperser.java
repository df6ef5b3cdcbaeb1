package dev.moraine.ingest.disperse;

import dev.moraine.ingest.journal.CertificateJournal;
import dev.moraine.ingest.journal.DurabilityListener;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.committee.EpochSchedule;
import dev.moraine.wire.transport.WakeUpIdle;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
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
    private static final long MIN_EXCLUSION_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long MAX_EXCLUSION_NS = TimeUnit.SECONDS.toNanos(5);

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

    /** Bundles that have a certificate, which the journal does not hold yet. */
    private int keeping;

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
        List<PeerQueue> peers = new ArrayList<>();
        SplittableRandom random = new SplittableRandom();
        for (int member = 0; member < settings.connections().size(); member++) {
            NodeStanding standing = new NodeStanding(
                    member,
                    settings.committee().members().get(member).name(),
                    new CircuitBreaker(MIN_EXCLUSION_NS, MAX_EXCLUSION_NS, random.split()),
                    settings.counters(),
                    settings.nanoClock());
            peers.add(new PeerQueue(
                    settings.connections().get(member), settings.sendWindowBytes(), idle::wake, standing));
        }
        this.resources = new DispersalResources(settings, new Mailbox(idle::wake), List.copyOf(peers));
        this.assembler = new BundleAssembler(
                settings.maxBundleBatches(),
                settings.maxBundleBytes(),
                new BodyLimit(settings.committee(), settings.maxNodeBodyBytes()),
                settings.certificates(),
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
        quiet = open.isEmpty() && keeping == 0 && spreader.isIdle();
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
        for (int room = settings.bundlesInFlight() - countCollecting() - keeping; room > 0; room--) {
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
                bundle.guard(bundle::dropAll);
                tails--;
            }
        }
        for (int member = 0; member < resources.peers().size(); member++) {
            work += dropOldestOwed(member);
        }
        open.removeIf(BundleDispersal::isOver);
        return work;
    }

    /** A node that takes less than it should get must not hold more and more memory. */
    private int dropOldestOwed(int member) {
        PeerQueue peer = resources.peers().get(member);
        int dropped = 0;
        for (int i = 0; i < open.size() && peer.owedBytes() > settings.nodeQueueBytes(); i++) {
            dropped += open.get(i).drop(member) ? 1 : 0;
        }
        return dropped;
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
            CertificateJournal journal = settings.journal();
            if (journal == null) {
                answer(batches, bundle, certificate);
                spreader.spread(certificate, bundle);
            } else {
                keeping++;
                journal.append(certificate, bundle, new Keeping(batches, bundle, certificate));
            }
        }

        @Override
        public void onExcluded(int member) {
            for (int i = 0; i < open.size(); i++) {
                open.get(i).drop(member);
            }
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

    private void answer(List<EncodedBatch> batches, Bundle bundle, Certificate certificate) {
        for (int index = 0; index < batches.size(); index++) {
            assembler.certified(batches.get(index), bundle.blobCertificate(certificate, index));
        }
    }

    /** A certificate on its way to the disk. The journal's thread tells how that went. */
    private final class Keeping implements DurabilityListener {
        private final List<EncodedBatch> batches;
        private final Bundle bundle;
        private final Certificate certificate;

        Keeping(List<EncodedBatch> batches, Bundle bundle, Certificate certificate) {
            this.batches = batches;
            this.bundle = bundle;
            this.certificate = certificate;
        }

        @Override
        public void onDurable() {
            resources.mailbox().post(() -> {
                keeping--;
                answer(batches, bundle, certificate);
                // Only now: the nodes' work on the certificate must not hold up who waits for it.
                spreader.spread(certificate, bundle);
            });
        }

        @Override
        public void onNotDurable(String why) {
            resources.mailbox().post(() -> {
                keeping--;
                BatchFailure failure = BatchFailure.of(FailureReason.NOT_DURABLE, why);
                batches.forEach(batch -> assembler.failed(batch, failure));
                spreader.spread(certificate, bundle);
            });
        }
    }
}
