package dev.moraine.ingest.disperse;

import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.committee.EpochSchedule;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;

/**
 * The dispersal agent: makes a bundle of whatever is encoded as soon as another bundle may be in flight, sends it to
 * all nodes, and answers those who wait for certificates. It is the only owner of bundles, deadlines and retries;
 * network threads leave it events.
 *
 * <p>Only {@link #isQuiet()}, {@link #finish()} and {@link #abort()} may be called by other threads.
 */
public final class Disperser implements Agent {
    /** Bundles that may wait for late nodes after their quorum. Beyond it the oldest is ended; its late nodes repair. */
    static final int MAX_TAILS = 64;

    private static final long STALL_CHECK_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final DispersalSettings settings;
    private final BatchSource source;
    private final DispersalResources resources;
    private final BundleAssembler assembler;
    private final CertificateSpreader spreader;
    private final List<BundleDispersal> open = new ArrayList<>();
    private final Listener listener = new Listener();

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
        long nowNs = settings.nanoClock().nanoTime();
        List<PeerQueue> peers = settings.connections().stream()
                .map(connection -> new PeerQueue(connection, settings.sendWindowBytes(), nowNs))
                .toList();
        this.resources = new DispersalResources(settings, new Mailbox(), peers);
        this.assembler = new BundleAssembler(
                settings.maxBundleBatches(),
                settings.maxBundleBytes(),
                new CertificateCache(settings.certificateCacheEntries()),
                settings.counters());
        this.spreader = new CertificateSpreader(resources);
        this.nextStallCheckNs = nowNs + STALL_CHECK_NS;
    }

    /** {@return whether the last round left no bundle open and no certificate to deliver} */
    public boolean isQuiet() {
        return quiet;
    }

    /** From now on failed deliveries of certificates are not repeated, so that the agent gets quiet. */
    public void finish() {
        finishWanted = true;
    }

    /** From now on every batch without an answer, and every one to come, fails as closed. */
    public void abort() {
        abortWanted = true;
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
        int work = 0;
        long epoch = epochNow();
        if (epoch == EpochSchedule.BEFORE_GENESIS) {
            return 0;
        }
        long collecting = open.stream().filter(BundleDispersal::isCollecting).count();
        while (collecting < settings.bundlesInFlight()) {
            if (!assembler.isFull()) {
                work += source.poll(batch -> {
                    assembler.add(batch, epoch);
                    return !assembler.isFull();
                });
            }
            List<EncodedBatch> batches = assembler.next(epoch);
            if (batches.isEmpty()) {
                break;
            }
            BundleDispersal bundle = new BundleDispersal(resources, listener, batches, epoch);
            open.add(bundle);
            bundle.guard(bundle::start);
            collecting++;
            work++;
        }
        return work;
    }

    private int tendBundles(long nowNs) {
        int work = 0;
        int tails = 0;
        for (BundleDispersal bundle : open) {
            work += bundle.onTime(nowNs);
            tails += bundle.isOver() || bundle.isCollecting() ? 0 : 1;
        }
        for (BundleDispersal bundle : open) {
            if (tails <= MAX_TAILS) {
                break;
            }
            if (!bundle.isOver() && !bundle.isCollecting()) {
                settings.counters().countTailCut();
                bundle.endTail("too many bundles are open");
                tails--;
            }
        }
        open.removeIf(BundleDispersal::isOver);
        return work;
    }

    private int failEverything() {
        BatchFailure closed = BatchFailure.of(FailureReason.CLOSED, "the gateway was closed");
        long epoch = epochNow();
        int work = source.poll(batch -> {
            assembler.add(batch, epoch);
            return true;
        });
        work += open.size();
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
