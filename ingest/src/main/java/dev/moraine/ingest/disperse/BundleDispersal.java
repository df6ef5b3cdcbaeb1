package dev.moraine.ingest.disperse;

import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.certificate.Statement;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.wire.message.BundleOffer;
import dev.moraine.wire.message.EntryRefusal;
import dev.moraine.wire.message.WireEntry;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One bundle on its way: offered to every node at the same time, certified at the quorum, over when every node has
 * answered or the time is up. Until then it holds its batches' memory.
 *
 * <p>A node that failed lately is left out, unless there is no quorum without it. When too few nodes are left for one,
 * those that could not be reached are asked again for a while: they may be back.
 *
 * <p>A bundle that cannot reach a quorum any more is taken apart: batches that could not reach one in any bundle fail,
 * the others are bundled anew, together with those that the same nodes refused, so that one refused batch does not drag
 * others down.
 *
 * <p>Belongs to the dispersal's thread.
 */
final class BundleDispersal {
    /** The first pause before nodes that could not be reached are asked again; each is twice the one before. */
    private static final long REVIVAL_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final System.Logger LOG = System.getLogger(BundleDispersal.class.getName());

    private final DispersalResources resources;
    private final Committee committee;
    private final BundleListener listener;
    private final List<EncodedBatch> batches;
    private final Bundle bundle;
    private final List<WireEntry> wireEntries;
    private final long epoch;
    private final byte[] writerSignature;
    private final ExchangeGroup exchanges;
    private final QuorumCollector collector;
    private final RefusalTally refusals;

    private Phase phase = Phase.COLLECTING;
    private long deadlineNs;
    private long startNs;
    private long nextRetryNs = Long.MAX_VALUE;
    private long revivalPauseNs = REVIVAL_PAUSE_NS;

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
        this.exchanges = new ExchangeGroup(committee);
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

    /** Offers the bundle to every node that has not failed lately, and to all if those are too few. */
    void start() {
        long timeoutNs = resources.settings().nodeTimeoutNs();
        startNs = resources.settings().nanoClock().nanoTime();
        deadlineNs = startNs + timeoutNs;
        resources.settings().counters().countBundle(batches.size());
        int offered = 0;
        for (int member = 0; member < committee.members().size(); member++) {
            NodeExchange exchange = new NodeExchange(this, member, resources);
            exchanges.add(exchange);
            if (exchange.standing().mayJoin()) {
                offered += committee.weight(member);
            } else {
                exchange.end(NodeOutcome.SKIPPED, "");
            }
        }
        boolean needsAll = offered < committee.geometry().quorum();
        for (NodeExchange exchange : exchanges) {
            if (needsAll && !exchange.isPending()) {
                exchange.revive(startNs);
            }
            if (exchange.isPending()) {
                exchange.offer(timeoutNs);
            } else {
                exchange.standing().skipped();
            }
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
        } else if (!isCollecting()) {
            onLateSignature(from);
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
        from.standing().succeeded();
        advance();
    }

    /**
     * A node neither signed nor refused.
     *
     * @param from its exchange, which is ended
     */
    void onEnded(NodeExchange from) {
        onFault(from);
        advance();
    }

    private void onFault(NodeExchange from) {
        if (from.standing().failed(from.outcome(), from.describe())) {
            listener.onExcluded(from.member());
        }
    }

    /** Nobody needs the signature any more, but a node that was kept out is let in by a good one only. */
    private void onLateSignature(NodeExchange from) {
        if (from.standing().isTrusted()) {
            return;
        }
        if (collector.isGood(from.member())) {
            from.standing().succeeded();
        } else {
            badSignature(from.member());
        }
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
                onFault(exchange);
            }
        }
        advance();
    }

    /**
     * After the quorum, gives up on one node.
     *
     * @param member the node's index
     * @return whether it had still to answer
     */
    boolean drop(int member) {
        if (phase != Phase.TAIL || !exchanges.of(member).isPending()) {
            return false;
        }
        exchanges.of(member).breakOff(NodeOutcome.DROPPED, "");
        exchanges.of(member).standing().dropped();
        advance();
        return true;
    }

    /** After the quorum, gives up on all nodes that have not answered. */
    void dropAll() {
        for (int member = 0; member < committee.members().size(); member++) {
            drop(member);
        }
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
            } else if (collector.weight() + exchanges.weight(NodeExchange::isPending) < committee.geometry().quorum()
                    && !revive()) {
                takeApart();
            }
        }
        if (phase == Phase.TAIL && exchanges.weight(NodeExchange::isPending) == 0) {
            finish();
            batches.forEach(EncodedBatch::release);
        }
    }

    /** Asks nodes again that could not be reached, if that may lead to a quorum in time. */
    private boolean revive() {
        long nowNs = resources.settings().nanoClock().nanoTime();
        long patienceNs = Math.min(deadlineNs - nowNs, startNs + resources.settings().quorumPatienceNs() - nowNs);
        int possible = collector.weight()
                + exchanges.weight(exchange -> exchange.isPending() || exchange.outcome().isRevivable());
        if (patienceNs <= revivalPauseNs || possible < committee.geometry().quorum()) {
            return false;
        }
        for (NodeExchange exchange : exchanges) {
            if (exchange.outcome().isRevivable()) {
                exchange.revive(nowNs + revivalPauseNs);
            }
        }
        revivalPauseNs *= 2;
        return true;
    }

    private void certified(Certificate certificate) {
        phase = Phase.TAIL;
        certificate.signers().forEach(signer -> exchanges.of(signer).standing().succeeded());
        resources.settings().counters().countBundleCertified();
        long nowNs = resources.settings().nanoClock().nanoTime();
        deadlineNs = nowNs + Math.min(deadlineNs - nowNs, resources.settings().tailTimeoutNs());
        listener.onCertified(batches, bundle, certificate);
    }

    private void badSignature(int member) {
        NodeExchange from = exchanges.of(member);
        from.signatureIsBad();
        from.standing().signedBadly(bundle.root());
        onFault(from);
    }

    private void takeApart() {
        int lost = exchanges.weight(exchange -> exchange.outcome().isFailure());
        BundleRemains remains = new BundleRemains(
                batches,
                refusals,
                committee.geometry().shards() - lost,
                committee.geometry().quorum(),
                collector.weight() + " of " + committee.geometry().quorum() + " shards signed; "
                        + exchanges.describeUnsigned());
        finish();
        remains.failed().forEach((batch, failure) -> {
            listener.onFailed(batch, failure);
            batch.release();
        });
        remains.again().forEach(listener::onBundleAgain);
    }

    private void finish() {
        phase = Phase.OVER;
        for (NodeExchange exchange : exchanges) {
            if (exchange.isPending()) {
                exchange.breakOff(NodeOutcome.NOT_NEEDED, "");
                exchange.standing().unanswered();
            }
        }
    }

    private enum Phase {
        COLLECTING,
        TAIL,
        OVER
    }
}
