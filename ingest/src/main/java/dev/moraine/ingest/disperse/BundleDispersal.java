package dev.moraine.ingest.disperse;

import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.certificate.Statement;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.wire.message.BundleOffer;
import dev.moraine.wire.message.EntryRefusal;
import dev.moraine.wire.message.WireEntry;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One bundle on its way: offered to every node at the same time, certified at the quorum, over when every node has
 * answered or the time is up. Until then it holds its batches' memory.
 *
 * <p>A bundle that cannot reach a quorum any more is taken apart: batches that could not reach one in any bundle fail,
 * the others are bundled anew, together with those that the same nodes refused, so that one refused batch does not drag
 * others down.
 *
 * <p>Belongs to the dispersal's thread.
 */
final class BundleDispersal {
    /** How often a batch is bundled before it fails; nodes that refuse at random would else keep it for ever. */
    static final int MAX_ATTEMPTS = 4;

    private static final System.Logger LOG = System.getLogger(BundleDispersal.class.getName());

    private final DispersalResources resources;
    private final Committee committee;
    private final BundleListener listener;
    private final List<EncodedBatch> batches;
    private final Bundle bundle;
    private final List<WireEntry> wireEntries;
    private final long epoch;
    private final byte[] writerSignature;
    private final List<NodeExchange> exchanges = new ArrayList<>();
    private final QuorumCollector collector;
    private final RefusalTally refusals;

    private Phase phase = Phase.COLLECTING;
    private long deadlineNs;
    private long nextRetryNs = Long.MAX_VALUE;

    /**
     * Signs the write right of a bundle.
     *
     * @param resources what all bundles share
     * @param listener learns how it goes
     * @param batches the bundle's batches; one reference to each is handed over
     * @param epoch the epoch of the statement
     */
    BundleDispersal(DispersalResources resources, BundleListener listener, List<EncodedBatch> batches, long epoch) {
        this.resources = resources;
        this.committee = resources.settings().committee();
        this.listener = listener;
        this.batches = List.copyOf(batches);
        this.epoch = epoch;
        this.bundle = new Bundle(batches.stream().map(EncodedBatch::entry).toList());
        this.wireEntries = WireEntries.of(bundle.entries());
        Statement statement = bundle.statement(committee.deploymentId(), epoch);
        this.collector = new QuorumCollector(committee, statement);
        this.refusals = new RefusalTally(batches.size(), committee::weight);
        this.writerSignature = resources.settings().writerKey().sign(statement.writeRight());
    }

    /** {@return the batches in the order of the bundle's entries} */
    List<EncodedBatch> batches() {
        return batches;
    }

    /** {@return whether the bundle still waits for its quorum} */
    boolean isCollecting() {
        return phase == Phase.COLLECTING;
    }

    /** {@return whether the bundle holds nothing any more} */
    boolean isOver() {
        return phase == Phase.OVER;
    }

    /** {@return when nodes that have not answered are given up} */
    long deadlineNs() {
        return deadlineNs;
    }

    /** Offers the bundle to every node. */
    void start() {
        long timeoutNs = resources.settings().nodeTimeoutNs();
        deadlineNs = resources.settings().nanoClock().nanoTime() + timeoutNs;
        resources.settings().counters().countBundle(batches.size());
        for (int member = 0; member < committee.members().size(); member++) {
            exchanges.add(new NodeExchange(this, member, resources));
        }
        for (NodeExchange exchange : exchanges) {
            exchange.offer(timeoutNs);
        }
    }

    /**
     * The offer.
     *
     * @param requestId the request that it begins
     * @return the message
     */
    BundleOffer offer(long requestId) {
        return new BundleOffer(
                requestId,
                epoch,
                bundle.root().toBytes(),
                resources.settings().writerKey().publicKey().encode(),
                writerSignature,
                wireEntries);
    }

    /**
     * Runs a step; what it throws is a fault of this program and ends the bundle, not the gateway.
     *
     * @param step the step
     */
    void guard(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException fault) {
            LOG.log(System.Logger.Level.ERROR, "bundle " + bundle.root() + " is given up", fault);
            giveUp(BatchFailure.of(FailureReason.INTERNAL, "the gateway failed: " + fault));
        }
    }

    /**
     * A node signed.
     *
     * @param from its exchange, which is ended
     * @param signature what it sent
     */
    void onSigned(NodeExchange from, byte[] signature) {
        if (!collector.add(from.member(), signature)) {
            badSignature(from.member());
        }
        advance();
    }

    /**
     * A node refused entries.
     *
     * @param from its exchange, which is ended
     * @param entries what it refused, within the bundle
     */
    void onRefused(NodeExchange from, List<EntryRefusal> entries) {
        refusals.add(from.member(), entries);
        advance();
    }

    /**
     * A node neither signed nor refused.
     *
     * @param from its exchange, which is ended
     */
    void onEnded(NodeExchange from) {
        resources.settings().counters().countNodeFailure(from.member());
        advance();
    }

    /**
     * A node wants to be asked again.
     *
     * @param atNs when
     */
    void onRetryAt(long atNs) {
        nextRetryNs = Math.min(nextRetryNs, atNs);
    }

    /**
     * Looks at the clock.
     *
     * @param nowNs now
     * @return how much was done
     */
    int onTime(long nowNs) {
        if (isOver()) {
            return 0;
        }
        if (nowNs - deadlineNs >= 0) {
            guard(() -> endTail("no answer in time"));
            return 1;
        }
        if (nextRetryNs == Long.MAX_VALUE || nowNs - nextRetryNs < 0) {
            return 0;
        }
        guard(() -> offerAgain(nowNs));
        return 1;
    }

    private void offerAgain(long nowNs) {
        nextRetryNs = Long.MAX_VALUE;
        for (NodeExchange exchange : exchanges) {
            long atNs = exchange.retryAtNs();
            if (atNs != Long.MAX_VALUE && nowNs - atNs >= 0) {
                exchange.offer(deadlineNs - nowNs);
            } else {
                nextRetryNs = Math.min(nextRetryNs, atNs);
            }
        }
    }

    /**
     * Gives up the nodes that have not answered: after the quorum the bundle is over, before it there will be none.
     *
     * @param why for people
     */
    void endTail(String why) {
        for (NodeExchange exchange : exchanges) {
            if (exchange.isPending()) {
                exchange.breakOff(NodeOutcome.TIMED_OUT, why);
                resources.settings().counters().countNodeFailure(exchange.member());
            }
        }
        advance();
    }

    /**
     * Ends the bundle at once; if it has no quorum yet, all its batches fail.
     *
     * @param failure what they fail of
     */
    void giveUp(BatchFailure failure) {
        if (isOver()) {
            return;
        }
        boolean unanswered = isCollecting();
        finish();
        if (unanswered) {
            batches.forEach(batch -> listener.onFailed(batch, failure));
        }
        batches.forEach(EncodedBatch::release);
    }

    private void advance() {
        if (isCollecting()) {
            Certificate certificate = collector.certify(this::badSignature);
            if (certificate != null) {
                certified(certificate);
            } else if (collector.weight() + weightOf(NodeExchange::isPending) < committee.geometry().quorum()) {
                takeApart();
            }
        }
        if (phase == Phase.TAIL && exchanges.stream().noneMatch(NodeExchange::isPending)) {
            finish();
            batches.forEach(EncodedBatch::release);
        }
    }

    private void certified(Certificate certificate) {
        phase = Phase.TAIL;
        resources.settings().counters().countBundleCertified();
        long nowNs = resources.settings().nanoClock().nanoTime();
        deadlineNs = nowNs + Math.min(deadlineNs - nowNs, resources.settings().tailTimeoutNs());
        listener.onCertified(batches, bundle, certificate);
    }

    private void badSignature(int member) {
        exchanges.get(member).signatureIsBad();
        resources.settings().counters().countBadSignature(member);
        resources.settings().counters().countNodeFailure(member);
        LOG.log(
                System.Logger.Level.WARNING,
                "node {0} signed something else than bundle {1}",
                committee.members().get(member).name(),
                bundle.root());
    }

    private void takeApart() {
        String summary = summary();
        Map<BitSet, List<EncodedBatch>> again = new LinkedHashMap<>();
        Map<EncodedBatch, BatchFailure> failed = new LinkedHashMap<>();
        for (int entry = 0; entry < batches.size(); entry++) {
            BatchFailure failure = failureOf(entry, summary);
            if (failure == null) {
                again.computeIfAbsent(refusals.refusers(entry), refusers -> new ArrayList<>())
                        .add(batches.get(entry));
            } else {
                failed.put(batches.get(entry), failure);
            }
        }
        finish();
        failed.forEach((batch, failure) -> {
            listener.onFailed(batch, failure);
            batch.release();
        });
        again.values().forEach(listener::onBundleAgain);
    }

    /** Nodes that refused other entries may still sign this one; nodes that failed are taken as lost for it, too. */
    private @Nullable BatchFailure failureOf(int entry, String summary) {
        int lost = weightOf(exchange -> exchange.outcome().isFailure());
        int left = committee.geometry().shards() - lost - refusals.weight(entry);
        boolean hopeless = left < committee.geometry().quorum();
        if (!hopeless && batches.get(entry).attempts() < MAX_ATTEMPTS) {
            return null;
        }
        if (refusals.mainReason(entry) == null) {
            return BatchFailure.of(FailureReason.QUORUM_UNREACHABLE, summary);
        }
        return new BatchFailure(FailureReason.REFUSED, refusals.mainReason(entry), summary);
    }

    private int weightOf(Predicate<NodeExchange> which) {
        int weight = 0;
        for (NodeExchange exchange : exchanges) {
            if (which.test(exchange)) {
                weight += committee.weight(exchange.member());
            }
        }
        return weight;
    }

    private String summary() {
        String others = exchanges.stream()
                .filter(exchange -> exchange.outcome() != NodeOutcome.SIGNED)
                .map(exchange ->
                        committee.members().get(exchange.member()).name() + ": " + exchange.describe())
                .collect(Collectors.joining(", "));
        return collector.weight() + " of " + committee.geometry().quorum() + " shards signed; " + others;
    }

    private void finish() {
        phase = Phase.OVER;
        for (NodeExchange exchange : exchanges) {
            if (exchange.isPending()) {
                exchange.breakOff(NodeOutcome.NOT_NEEDED, "");
            }
        }
    }

    private enum Phase {
        COLLECTING,
        TAIL,
        OVER
    }
}
