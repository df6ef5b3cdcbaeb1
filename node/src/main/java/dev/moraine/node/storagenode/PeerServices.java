package dev.moraine.node.storagenode;

import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.sampling.audit.AuditCounters;
import dev.moraine.sampling.audit.CommitteeReads;
import dev.moraine.sampling.audit.VerdictAgent;
import dev.moraine.sampling.feed.CertificateFeed;
import dev.moraine.sampling.feed.FeedCounters;
import dev.moraine.sampling.read.CommitteeReader;
import dev.moraine.sampling.repair.RepairAgent;
import dev.moraine.sampling.repair.RepairCounters;
import dev.moraine.sampling.repair.RepairSink;
import dev.moraine.storage.store.SliverRecord;
import dev.moraine.storage.store.SliverStore;
import dev.moraine.wire.message.ClientMessage;
import dev.moraine.wire.transport.PeerChannel;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.WakeUpIdle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a node does for the other nodes and with them: it offers its list of certificates, repairs what it lacks from
 * theirs, and gives its verdicts on whole blobs. Thread-safe.
 */
final class PeerServices implements AutoCloseable {
    private static final long MIN_SLEEP_NS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long MAX_SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final CertificateFeed feed;
    private final WakeUpIdle feedIdle = new WakeUpIdle(MIN_SLEEP_NS, MAX_SLEEP_NS);
    private final VerdictAgent audit;
    private final WakeUpIdle auditIdle = new WakeUpIdle(MIN_SLEEP_NS, MAX_SLEEP_NS);
    private final @Nullable RepairAgent repair;
    private final List<PeerConnection> connections = new ArrayList<>();
    private final List<ClosableAgent> agents = new ArrayList<>();

    /**
     * Services of a node, at rest.
     *
     * @param context what the node is made of, concluded
     * @param store its open store
     * @param storing the one writer of the store
     */
    PeerServices(StorageNode.Context context, SliverStore store, StoreAgent storing) {
        Committee committee = context.committee();
        PeerSettings settings = context.peers();
        String name = committee.members().get(context.memberIndex()).name();
        feed = new CertificateFeed(store.certificates(), context.nanoClock(), settings.feed());
        agents.add(new ClosableAgent(feed, name + "-feed", feedIdle));
        WakeUpIdle repairIdle = new WakeUpIdle(MIN_SLEEP_NS, MAX_SLEEP_NS);
        byte[] deploymentId = committee.deploymentId().toBytes();
        for (int member = 0; member < committee.members().size(); member++) {
            connections.add(context.transport().connect(settings.address(committee, member), deploymentId, member));
        }
        audit = new VerdictAgent(
                new CommitteeReads(new CommitteeReader.Context()
                        .committee(committee)
                        .peers(connections)
                        .maxBlobBytes(context.limits().maxBlobBytes())
                        .clock(context.nanoClock())
                        .conclude()),
                blobId -> store.expiryEpoch(blobId)
                        >= committee.epochs().epochAt(context.epochClock().time()),
                committee.deploymentId(),
                context.secretKey(),
                context.nanoClock(),
                settings.audit(),
                auditIdle::wake);
        agents.add(new ClosableAgent(audit, name + "-audit", auditIdle));
        if (settings.isRepairing()) {
            repair = new RepairAgent.Context()
                    .committee(committee)
                    .member(context.memberIndex())
                    .store(store)
                    .sink(new Sink(storing))
                    .peers(connections)
                    .folder(context.folder())
                    .settings(settings.repair())
                    .epochClock(context.epochClock())
                    .nanoClock(context.nanoClock())
                    .onEvent(repairIdle::wake)
                    .conclude();
            agents.add(new ClosableAgent(repair, name + "-repair", repairIdle));
        } else {
            repair = null;
        }
        storing.setOnStored(() -> {
            feedIdle.wake();
            repairIdle.wake();
        });
    }

    /** Slivers and certificates go the way of everything that is stored. */
    private record Sink(StoreAgent storing) implements RepairSink {
        @Override
        public boolean keep(SliverRecord sliver, Consumer<Boolean> whenDone) {
            return storing.offer(new StoreWork.SliverWork(sliver, whenDone));
        }

        @Override
        public boolean keep(byte[] certificate, List<BundleEntry> entries, Consumer<Boolean> whenDone) {
            return storing.offer(new StoreWork.LearnedWork(certificate, entries, whenDone));
        }
    }

    /**
     * Takes a request. Any thread; never blocks.
     *
     * @param from who asks
     * @param request the request
     * @return false if it is about nothing of this, and nothing was done
     */
    boolean onRequest(PeerChannel from, ClientMessage request) {
        if (feed.onRequest(from, request)) {
            feedIdle.wake();
            return true;
        }
        if (audit.onRequest(from, request)) {
            auditIdle.wake();
            return true;
        }
        return false;
    }

    /** What must be run. */
    List<ClosableAgent> agents() {
        return agents;
    }

    AuditCounters auditCounters() {
        return audit.counters();
    }

    FeedCounters feedCounters() {
        return feed.counters();
    }

    @Nullable RepairCounters repairCounters() {
        return repair == null ? null : repair.counters();
    }

    /** Closes the connections to the other nodes; after the agents. */
    @Override
    public void close() {
        connections.forEach(PeerConnection::close);
    }
}
