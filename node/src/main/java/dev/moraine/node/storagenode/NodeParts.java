package dev.moraine.node.storagenode;

import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.sampling.serve.ReadAgent;
import dev.moraine.storage.store.SliverStore;
import dev.moraine.wire.transport.PeerChannel;
import dev.moraine.wire.transport.WakeUpIdle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The parts of one node, put together: who hands what to whom.
 *
 * @param memory the memory for bodies of bundles
 * @param quotas what writers hold
 * @param counters what is counted about bundles and certificates
 * @param reading the agent that answers reads
 * @param services what other nodes ask, and are asked
 * @param agents all agents, as they are run
 * @param handler what connections are served by
 */
record NodeParts(
        MemoryBudget memory,
        WriterQuotas quotas,
        NodeCounters counters,
        ReadAgent reading,
        PeerServices services,
        List<ClosableAgent> agents,
        NodeHandler handler) {
    /** The shortest and longest sleep of agents that nobody wakes for all that they wait for. */
    private static final long MIN_SLEEP_NS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long MAX_SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(50);

    /**
     * Puts a node together.
     *
     * @param context what it is made of, concluded
     * @param store its open store
     * @return its parts, at rest
     */
    static NodeParts of(StorageNode.Context context, SliverStore store) {
        Committee committee = context.committee();
        NodeLimits limits = context.limits();
        CommitteeMember member = committee.members().get(context.memberIndex());
        HeldShards shards = new HeldShards(committee.geometry(), member.firstShard(), member.shardCount());
        EpochGate epochs = new EpochGate(committee.epochs(), context.epochClock());
        NodeCounters counters = new NodeCounters();
        Answers answers = new Answers(counters, limits.retryDelayMs());
        MemoryBudget memory = new MemoryBudget(limits.memoryBytes());
        WriterQuotas quotas =
                WriterQuotas.open(context.folder(), context.writers(), shards, store, epochs.current());
        StoreAgent storing = new StoreAgent(
                limits.storeQueueCapacity(),
                store,
                shards,
                context.secretKey(),
                epochs,
                context.nanoClock(),
                answers);
        AdmissionAgent admission = new AdmissionAgent(
                limits.admissionQueueCapacity(),
                new BundleAdmission(
                        committee,
                        shards,
                        store,
                        context.writers(),
                        quotas,
                        limits,
                        memory,
                        epochs,
                        context.nanoClock()),
                new CertificateAdmission(committee, epochs),
                storing::offer,
                answers,
                context.nanoClock());
        ReadAgent reading = new ReadAgent.Context()
                .store(store)
                .geometry(committee.geometry())
                .currentEpoch(epochs::current)
                .nanoClock(context.nanoClock())
                .queueCapacity(limits.readQueueCapacity())
                .retryDelayMs(limits.retryDelayMs())
                .conclude();
        WakeUpIdle readingIdle = new WakeUpIdle(MIN_SLEEP_NS, MAX_SLEEP_NS);
        PeerServices services = new PeerServices(context, store, storing);
        List<ClosableAgent> agents = new ArrayList<>(List.of(
                new ClosableAgent(admission, member.name() + "-admission", admission.idle()),
                new ClosableAgent(storing, member.name() + "-store", storing.idle()),
                new ClosableAgent(reading, member.name() + "-read", readingIdle),
                new ClosableAgent(
                        store.newUpkeepAgent(epochs::current, context.nanoClock()),
                        member.name() + "-upkeep",
                        new WakeUpIdle(MIN_SLEEP_NS, MAX_SLEEP_NS))));
        agents.addAll(services.agents());
        Function<PeerChannel, BundleReceiver> receivers = channel -> new BundleReceiver(
                channel,
                limits.maxBundlesPerConnection(),
                bundle -> storing.offer(new StoreWork.BundleWork(bundle)),
                answers,
                context.nanoClock());
        NodeHandler handler = new NodeHandler(admission, reading, readingIdle::wake, services, answers, receivers);
        return new NodeParts(memory, quotas, counters, reading, services, agents, handler);
    }
}
