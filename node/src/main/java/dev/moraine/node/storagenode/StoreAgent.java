package dev.moraine.node.storagenode;

import dev.moraine.proofs.certificate.BlsSecretKey;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.storage.store.BundleRecord;
import dev.moraine.storage.store.PairRecord;
import dev.moraine.storage.store.SliverStore;
import dev.moraine.storage.store.StoreException;
import dev.moraine.storage.store.StoreHealth;
import dev.moraine.wire.message.BundleSigned;
import dev.moraine.wire.message.CertificateKept;
import dev.moraine.wire.message.EntryRefusal;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.RefusalReason;
import dev.moraine.wire.transport.WakeUpIdle;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a node's store, and the only place that signs. Whatever waits is verified and appended, then the store
 * is forced once for all of it, and only then signatures leave (protocol, section 5). After a failed force nothing is
 * signed any more.
 */
final class StoreAgent implements Agent {
    private static final Logger LOGGER = System.getLogger(StoreAgent.class.getName());
    private static final int MAX_GROUP = 64;
    private static final long MAX_SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final String DISK_FAILED_TEXT = "the store failed, nothing is signed any more";

    private final ManyToOneConcurrentArrayQueue<StoreWork> queue;
    private final WakeUpIdle idle = new WakeUpIdle(MAX_SLEEP_NS);
    private final SliverStore store;
    private final HeldShards shards;
    private final BundleVerifier verifier;
    private final BlsSecretKey secretKey;
    private final EpochGate epochs;
    private final NanoClock clock;
    private final Answers answers;
    private final List<StoreWork> group = new ArrayList<>(MAX_GROUP);
    private final List<StoreWork> appended = new ArrayList<>(MAX_GROUP);
    private volatile Runnable onStored = () -> {};
    private volatile boolean closed;

    /**
     * An agent with nothing to do.
     *
     * @param queueCapacity most bundles and certificates that wait
     * @param store the store, which this agent alone writes
     * @param shards the shards of this node
     * @param secretKey signs
     * @param epochs the current epoch
     * @param clock paces what is done when nothing waits
     * @param answers says no
     */
    StoreAgent(
            int queueCapacity,
            SliverStore store,
            HeldShards shards,
            BlsSecretKey secretKey,
            EpochGate epochs,
            NanoClock clock,
            Answers answers) {
        queue = new ManyToOneConcurrentArrayQueue<>(queueCapacity);
        this.store = store;
        this.shards = shards;
        this.secretKey = secretKey;
        this.epochs = epochs;
        this.clock = clock;
        this.answers = answers;
        verifier = new BundleVerifier(shards.geometry());
    }

    /**
     * Queues work. Any thread.
     *
     * @param work a complete bundle, which this agent releases if it takes it, or a certificate
     * @return false if there is no room for it, or the agent is closed
     */
    boolean offer(StoreWork work) {
        if (closed || !queue.offer(work)) {
            return false;
        }
        idle.wake();
        if (closed) {
            // The end may have come in between, and then nobody else looks into the queue any more.
            dropQueued();
        }
        return true;
    }

    /**
     * Sets what is told whenever something has become durable.
     *
     * @param value called on this agent's thread; must not block
     */
    void setOnStored(Runnable value) {
        onStored = value;
    }

    /**
     * How a thread of this agent's own waits for work.
     *
     * @return what {@link #offer} wakes
     */
    WakeUpIdle idle() {
        return idle;
    }

    @Override
    public int doWork() {
        int count = queue.drainTo(group, MAX_GROUP);
        if (count == 0) {
            return compact();
        }
        try {
            for (StoreWork work : group) {
                if (append(work)) {
                    appended.add(work);
                }
            }
            if (!appended.isEmpty()) {
                commit();
            }
        } finally {
            group.forEach(StoreAgent::release);
            group.clear();
            appended.clear();
        }
        return count;
    }

    /** When nobody waits, space of expired blobs is won back. */
    private int compact() {
        if (store.health().state() != StoreHealth.State.OK) {
            return 0;
        }
        try {
            return store.compact(clock);
        } catch (StoreException e) {
            LOGGER.log(Level.ERROR, "the store failed while it won back space", e);
            return 0;
        }
    }

    @Override
    public void onClose() {
        closed = true;
        dropQueued();
    }

    @Override
    public String roleName() {
        return "moraine-store";
    }

    /** Releases what waits. Only when the agent is closed. */
    private synchronized void dropQueued() {
        queue.drain(StoreAgent::release);
    }

    private boolean append(StoreWork work) {
        try {
            return switch (work) {
                case StoreWork.BundleWork bundleWork -> appendBundle(bundleWork.bundle());
                case StoreWork.CertificateWork certificate ->
                    appendCertificate(certificate.certificate(), certificate.entries());
                case StoreWork.LearnedWork learned -> appendCertificate(learned.certificate(), learned.entries());
                case StoreWork.SliverWork rebuilt -> {
                    store.appendSliver(rebuilt.sliver());
                    yield true;
                }
            };
        } catch (StoreException | RuntimeException | Error e) {
            answerFailure(work, "it could not be stored", e);
        }
        return false;
    }

    private boolean appendBundle(AdmittedBundle bundle) throws StoreException {
        if (store.health().state() != StoreHealth.State.OK) {
            answers.fail(bundle.from(), bundle.requestId(), FailureCode.DISK_FAILED, DISK_FAILED_TEXT);
            return false;
        }
        if (!isSignable(bundle)) {
            return false;
        }
        List<PairRecord> verified = new ArrayList<>();
        List<BundleEntry> good = new ArrayList<>();
        List<EntryRefusal> refusals = new ArrayList<>();
        List<BundleEntry> entries = bundle.bundle().entries();
        for (int i = 0; i < entries.size(); i++) {
            RefusalReason reason = check(entries.get(i), bundle.upload().body(i), verified);
            if (reason == null) {
                good.add(entries.get(i));
            } else {
                refusals.add(new EntryRefusal(i, reason));
            }
        }
        // Good entries are stored, and charged, even when others are refused: the next bundle needs no bodies for them.
        store.appendBundle(new BundleRecord(
                verified,
                good.stream()
                        .map(entry -> new BundleRecord.Retention(entry.blobId(), entry.expiryEpoch()))
                        .toList()));
        bundle.charge().keep(good);
        if (!refusals.isEmpty()) {
            answers.refuse(bundle.from(), bundle.requestId(), refusals);
        }
        return refusals.isEmpty();
    }

    private @Nullable RefusalReason check(BundleEntry entry, @Nullable EntryBody body, List<PairRecord> verified) {
        if (body != null) {
            return verifier.verify(entry, body, verified);
        }
        // A signature says that the bytes are there, and the index knows of no damage that nobody has read yet. What is
        // found now is quarantined, so the next offer is asked for the body.
        return shards.isReadableFrom(store, entry.blobId()) ? null : RefusalReason.INCOMPLETE;
    }

    private boolean appendCertificate(byte[] certificate, List<BundleEntry> entries) throws StoreException {
        store.appendCertificate(certificate, entries);
        return true;
    }

    private void commit() {
        try {
            store.force();
        } catch (StoreException | RuntimeException | Error e) {
            appended.forEach(work -> answerFailure(work, "it could not be stored", e));
            return;
        }
        answers.counters().add(NodeEvent.STORE_FORCED);
        for (StoreWork work : appended) {
            try {
                acknowledge(work);
            } catch (RuntimeException | Error e) {
                answerFailure(work, "it is stored, but could not be acknowledged", e);
            }
        }
        onStored.run();
    }

    private void acknowledge(StoreWork work) {
        switch (work) {
            case StoreWork.BundleWork(AdmittedBundle bundle) -> {
                if (isSignable(bundle)) {
                    byte[] signature = secretKey.sign(bundle.statement().encode()).encode();
                    answers.counters().add(NodeEvent.BUNDLE_SIGNED);
                    bundle.from().send(new BundleSigned(bundle.requestId(), signature));
                }
            }
            case StoreWork.CertificateWork certificate -> {
                answers.counters().add(NodeEvent.CERTIFICATE_KEPT);
                certificate.from().send(new CertificateKept(certificate.requestId()));
            }
            case StoreWork.LearnedWork learned -> learned.whenDone().accept(true);
            case StoreWork.SliverWork rebuilt -> rebuilt.whenDone().accept(true);
        }
    }

    private boolean isSignable(AdmittedBundle bundle) {
        boolean isSignable = epochs.isSignable(bundle.statement().epoch());
        if (!isSignable) {
            answers.fail(
                    bundle.from(),
                    bundle.requestId(),
                    FailureCode.WRONG_EPOCH,
                    "epoch " + bundle.statement().epoch() + " is over, now is " + epochs.current());
        }
        return isSignable;
    }

    /** Never throws for want of an answer to one: the others of the group wait for theirs. */
    private void answerFailure(StoreWork work, String text, Throwable cause) {
        try {
            if (cause instanceof StoreException e) {
                failStore(work, e);
                return;
            }
            LOGGER.log(Level.ERROR, "a bundle or certificate failed: " + text, cause);
            fail(work, FailureCode.INTERNAL, text);
        } catch (RuntimeException | Error e) {
            LOGGER.log(Level.ERROR, "a failure could not be answered", e);
        }
    }

    private void failStore(StoreWork work, StoreException e) {
        if (e.reason() == StoreException.Reason.DISK_FULL) {
            putOff(work);
            return;
        }
        fail(work, FailureCode.DISK_FAILED, DISK_FAILED_TEXT);
    }

    private void putOff(StoreWork work) {
        switch (work) {
            case StoreWork.BundleWork(AdmittedBundle bundle) -> answers.busy(bundle.from(), bundle.requestId());
            case StoreWork.CertificateWork certificate -> answers.busy(certificate.from(), certificate.requestId());
            case StoreWork.LearnedWork learned -> learned.whenDone().accept(false);
            case StoreWork.SliverWork rebuilt -> rebuilt.whenDone().accept(false);
        }
    }

    private void fail(StoreWork work, FailureCode code, String text) {
        switch (work) {
            case StoreWork.BundleWork(AdmittedBundle bundle) ->
                answers.fail(bundle.from(), bundle.requestId(), code, text);
            case StoreWork.CertificateWork certificate ->
                answers.fail(certificate.from(), certificate.requestId(), code, text);
            case StoreWork.LearnedWork learned -> learned.whenDone().accept(false);
            case StoreWork.SliverWork rebuilt -> rebuilt.whenDone().accept(false);
        }
    }

    private static void release(StoreWork work) {
        if (work instanceof StoreWork.BundleWork(AdmittedBundle bundle)) {
            bundle.release();
        }
    }
}
