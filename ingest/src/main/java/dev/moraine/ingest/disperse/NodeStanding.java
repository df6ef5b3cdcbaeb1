package dev.moraine.ingest.disperse;

import org.agrona.concurrent.NanoClock;

/**
 * What one node's answers say about it: it takes part in bundles, or is kept out and tried again now and then.
 *
 * <p>Belongs to the dispersal's thread.
 */
final class NodeStanding {
    private static final System.Logger LOG = System.getLogger(NodeStanding.class.getName());

    private final int member;
    private final String name;
    private final CircuitBreaker breaker;
    private final IngestCounters counters;
    private final NanoClock clock;

    /**
     * A node without a fault.
     *
     * @param member its index in the committee
     * @param name its name, for the log
     * @param breaker keeps it out while it fails
     * @param counters what is counted of it
     * @param clock times the breaker
     */
    NodeStanding(int member, String name, CircuitBreaker breaker, IngestCounters counters, NanoClock clock) {
        this.member = member;
        this.name = name;
        this.breaker = breaker;
        this.counters = counters;
        this.clock = clock;
    }

    /** {@return whether a new bundle is offered to the node; if it was kept out, this bundle is its trial} */
    boolean mayJoin() {
        return breaker.isClosed() || breaker.tryProbe(clock.nanoTime());
    }

    /** {@return whether the node has not failed lately} */
    boolean isTrusted() {
        return breaker.isClosed();
    }

    /** A bundle was not offered to the node. */
    void skipped() {
        counters.countNodeSkip(member);
    }

    /** A certified bundle gave up on the node, without its fault being known. */
    void dropped() {
        counters.countNodeDrop(member);
        breaker.onNoVerdict();
    }

    /** A bundle ended without an answer of the node that says anything. */
    void unanswered() {
        breaker.onNoVerdict();
    }

    /**
     * A bundle got no signature from the node, through its fault.
     *
     * @param how what happened
     * @param description the same for people
     * @return whether the node is kept out from now on, and was not before
     */
    boolean failed(NodeOutcome how, String description) {
        counters.countNodeFailure(member);
        if (!how.isFault()) {
            breaker.onNoVerdict();
            return false;
        }
        if (!breaker.onFailure(clock.nanoTime())) {
            return false;
        }
        counters.countNodeExclusion(member);
        LOG.log(System.Logger.Level.WARNING, "node {0} is kept out of new bundles for now: {1}", name, description);
        return true;
    }

    /**
     * The node signed something else than the statement, or nothing that is a signature.
     *
     * @param bundle the root of the bundle
     */
    void signedBadly(Object bundle) {
        counters.countBadSignature(member);
        LOG.log(System.Logger.Level.WARNING, "node {0} signed something else than bundle {1}", name, bundle);
    }

    /** The node answered as it should. */
    void succeeded() {
        if (breaker.onSuccess()) {
            LOG.log(System.Logger.Level.INFO, "node {0} takes part in bundles again", name);
        }
    }
}
