package dev.moraine.sampling.repair;

import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.committee.ShardAssignment;
import dev.moraine.sampling.scripted.ScriptedBlob;
import dev.moraine.sampling.scripted.ScriptedCommittee;
import dev.moraine.storage.store.SliverRecord;
import dev.moraine.storage.store.SliverStore;
import dev.moraine.storage.store.StoreContext;
import dev.moraine.storage.store.StoreException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A store with a repair agent in place of one member of a scripted committee; the test's thread runs both. */
final class RepairingNode implements AutoCloseable {
    static final int MEMBER = 1;
    static final long EPOCH = 1;

    private static final long EPOCH_MS = 3_600_000;
    private static final long EXPIRY = 50;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    private final ScriptedCommittee committee;
    private final SliverStore store;
    private final RepairAgent agent;

    RepairingNode(ScriptedCommittee committee, Path folder, RepairSettings settings) throws StoreException {
        this.committee = committee;
        store = SliverStore.open(new StoreContext()
                .folder(folder)
                .deploymentId(committee.committee().deploymentId())
                .reserveBytes(0)
                .segmentBytes(1 << 20));
        agent = new RepairAgent.Context()
                .committee(committee.committee())
                .member(MEMBER)
                .store(store)
                .sink(new Sink())
                .peers(committee.peers())
                .folder(folder)
                .settings(settings)
                .epochClock(() -> EPOCH * EPOCH_MS + 1)
                .conclude();
    }

    /** Impatient enough for tests. */
    static RepairSettings.Context settings() {
        return new RepairSettings.Context()
                .graceNs(0)
                .requestTimeoutNs(TimeUnit.MILLISECONDS.toNanos(400))
                .minBackoffNs(TimeUnit.MILLISECONDS.toNanos(20))
                .maxBackoffNs(TimeUnit.MILLISECONDS.toNanos(200));
    }

    private final class Sink implements RepairSink {
        @Override
        public boolean keep(SliverRecord sliver, Consumer<Boolean> whenDone) {
            try {
                store.appendSliver(sliver);
                store.force();
            } catch (StoreException e) {
                throw new AssertionError(e);
            }
            whenDone.accept(true);
            return true;
        }

        @Override
        public boolean keep(byte[] certificate, List<BundleEntry> entries, Consumer<Boolean> whenDone) {
            try {
                store.appendCertificate(certificate, entries);
                store.force();
            } catch (StoreException e) {
                throw new AssertionError(e);
            }
            whenDone.accept(true);
            return true;
        }
    }

    SliverStore store() {
        return store;
    }

    RepairCounters counters() {
        return agent.counters();
    }

    long count(RepairCount what) {
        return agent.counters().get(what);
    }

    /** The node learns of a bundle of blobs, of which it has nothing. */
    void certify(long epoch, ScriptedBlob... blobs) throws StoreException {
        Bundle bundle = new Bundle(Arrays.stream(blobs)
                .map(blob -> new BundleEntry(
                        blob.id(), Namespace.parse("repaired"), blob.bytes().length, EXPIRY))
                .toList());
        store.appendCertificate(committee.certify(bundle, epoch).encode(), bundle.entries());
        store.force();
    }

    /** The pair of a blob that the node is to hold. */
    int pairOf(ScriptedBlob blob) {
        return ShardAssignment.pairOfShard(
                blob.id(), MEMBER, committee.committee().geometry().shards());
    }

    void runUntil(BooleanSupplier done) {
        long startNs = System.nanoTime();
        while (!done.getAsBoolean()) {
            if (agent.doWork() == 0) {
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
            }
            if (System.nanoTime() - startNs > PATIENCE_NS) {
                throw new AssertionError("not done in time: " + Arrays.stream(RepairCount.values())
                        .map(count -> count + "=" + count(count))
                        .toList());
            }
        }
    }

    @Override
    public void close() {
        agent.onClose();
        store.close();
    }
}
