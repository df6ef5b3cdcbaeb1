package dev.moraine.ingest.disperse;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What the write path counts since it started. Any thread may count and read. */
public final class IngestCounters {
    private final LongAdder accepted = new LongAdder();
    private final LongAdder certified = new LongAdder();
    private final LongAdder bundles = new LongAdder();
    private final LongAdder bundlesCertified = new LongAdder();
    private final LongAdder bundledBatches = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final LongAdder busy = new LongAdder();
    private final LongAdder tailsCut = new LongAdder();
    private final LongAdder connectionsReset = new LongAdder();
    private final LongAdder certificatesKept = new LongAdder();
    private final LongAdder certificatesUndelivered = new LongAdder();
    private final Map<FailureReason, LongAdder> failed = new EnumMap<>(FailureReason.class);
    private final LongAdder[] badSignatures;
    private final LongAdder[] nodeFailures;
    private final LongAdder[] nodeSkips;
    private final LongAdder[] nodeDrops;
    private final LongAdder[] nodeExclusions;

    /**
     * Starts at zero.
     *
     * @param members nodes of the committee
     */
    public IngestCounters(int members) {
        for (FailureReason reason : FailureReason.values()) {
            failed.put(reason, new LongAdder());
        }
        badSignatures = adders(members);
        nodeFailures = adders(members);
        nodeSkips = adders(members);
        nodeDrops = adders(members);
        nodeExclusions = adders(members);
    }

    private LongAdder ofReason(FailureReason reason) {
        return Objects.requireNonNull(failed.get(reason));
    }

    private static LongAdder[] adders(int count) {
        LongAdder[] adders = new LongAdder[count];
        Arrays.setAll(adders, i -> new LongAdder());
        return adders;
    }

    /** {@return batches that were admitted} */
    public long accepted() {
        return accepted.sum();
    }

    /** {@return admitted batches that were answered with a certificate} */
    public long certified() {
        return certified.sum();
    }

    /**
     * Admitted batches that got no certificate.
     *
     * @param reason why
     * @return how many
     */
    public long failed(FailureReason reason) {
        return ofReason(reason).sum();
    }

    /** {@return bundles that were offered} */
    public long bundles() {
        return bundles.sum();
    }

    /** {@return bundles that reached their quorum} */
    public long bundlesCertified() {
        return bundlesCertified.sum();
    }

    /** {@return batches in the bundles that were offered; one that is bundled anew counts again} */
    public long bundledBatches() {
        return bundledBatches.sum();
    }

    /** {@return batches that were the same as one in flight or one with a living certificate} */
    public long repeated() {
        return repeated.sum();
    }

    /** {@return offers that a node was too busy for} */
    public long busy() {
        return busy.sum();
    }

    /** {@return bundles that were ended before every node had answered, because too many were open} */
    public long tailsCut() {
        return tailsCut.sum();
    }

    /** {@return connections that were dropped because their node read nothing} */
    public long connectionsReset() {
        return connectionsReset.sum();
    }

    /** {@return certificates that a node said it keeps} */
    public long certificatesKept() {
        return certificatesKept.sum();
    }

    /** {@return certificates that a node did not take; it learns of them from other nodes} */
    public long certificatesUndelivered() {
        return certificatesUndelivered.sum();
    }

    /**
     * Signatures that were no signatures of the statement.
     *
     * @param member the node's index
     * @return how many it sent
     */
    public long badSignatures(int member) {
        return badSignatures[member].sum();
    }

    /**
     * Bundles that a node neither signed nor refused.
     *
     * @param member the node's index
     * @return how many
     */
    public long nodeFailures(int member) {
        return nodeFailures[member].sum();
    }

    /**
     * Bundles that a node was not offered, because it had failed lately.
     *
     * @param member the node's index
     * @return how many
     */
    public long nodeSkips(int member) {
        return nodeSkips[member].sum();
    }

    /**
     * Certified bundles that a node did not get in full, because it was owed too many; it repairs what it lacks.
     *
     * @param member the node's index
     * @return how many
     */
    public long nodeDrops(int member) {
        return nodeDrops[member].sum();
    }

    /**
     * How often a node was kept out of new bundles for a while, because it failed.
     *
     * @param member the node's index
     * @return how often
     */
    public long nodeExclusions(int member) {
        return nodeExclusions[member].sum();
    }

    /** Counts an admitted batch. */
    public void countAccepted() {
        accepted.increment();
    }

    /** Counts a batch that was answered with a certificate. */
    public void countCertified() {
        certified.increment();
    }

    /**
     * Counts a batch that was answered with a failure.
     *
     * @param reason why
     */
    public void countFailed(FailureReason reason) {
        ofReason(reason).increment();
    }

    void countBundle(int batches) {
        bundles.increment();
        bundledBatches.add(batches);
    }

    void countBundleCertified() {
        bundlesCertified.increment();
    }

    void countRepeated() {
        repeated.increment();
    }

    void countBusy() {
        busy.increment();
    }

    void countTailCut() {
        tailsCut.increment();
    }

    void countConnectionReset() {
        connectionsReset.increment();
    }

    void countCertificateKept() {
        certificatesKept.increment();
    }

    void countCertificateUndelivered() {
        certificatesUndelivered.increment();
    }

    void countBadSignature(int member) {
        badSignatures[member].increment();
    }

    void countNodeSkip(int member) {
        nodeSkips[member].increment();
    }

    void countNodeDrop(int member) {
        nodeDrops[member].increment();
    }

    void countNodeExclusion(int member) {
        nodeExclusions[member].increment();
    }

    void countNodeFailure(int member) {
        nodeFailures[member].increment();
    }
}
