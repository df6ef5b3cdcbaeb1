package dev.moraine.sampling.repair;

import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.sampling.repair.SliverRepairs.Failure;
import dev.moraine.storage.store.SliverStore;
import dev.moraine.wire.transport.PeerConnection;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Repair of one node (protocol, section 7). It finds the pairs that the node lacks, those of certificates that it learns
 * from other nodes included, and rebuilds them from symbols of others: the secondary first, which is stored, and can be
 * served, before the primary is begun. The blob that is at risk for longest comes first.
 *
 * <p>Nothing is stored whose root is not the one in metadata that hashes to the blob id. Whoever gives wrong symbols is
 * counted, avoided, and replaced by another; so is whoever does not answer. Bounded are the bytes a second, the memory, and
 * the requests that run; a pair that cannot be had waits the longer the more often it was tried.
 *
 * <p>One thread runs the agent, and never waits for another. What comes from other nodes comes on event loops.
 */
public final class RepairAgent implements Agent {
    private static final int MAX_EVENTS_PER_DUTY_CYCLE = 64;
    private static final int MAX_STARTS_PER_DUTY_CYCLE = 32;

    private final NanoClock nanoClock;
    private final RepairSettings settings;
    private final OwnShards shards;
    private final RepairCounters counters;
    private final Queue<Runnable> events = new ConcurrentLinkedQueue<>();
    private final Runnable onEvent;
    private final RepairQueue queue;
    private final MissingSearch search;
    private final RepairPeers peers;
    private final MetadataSource metadata;
    private final SliverRepairs repairs;
    private final CertificateExchange exchange;
    private volatile boolean closed;

    private RepairAgent(Context context, Committee committee, SliverStore store, RepairSink sink) {
        nanoClock = context.nanoClock;
        settings = context.settings;
        onEvent = context.onEvent;
        shards = new OwnShards(committee, context.member, store);
        counters = new RepairCounters(committee.members().size());
        queue = new RepairQueue(settings);
        search = new MissingSearch(shards, context.epochClock, queue, counters, settings.graceNs());
        peers = new RepairPeers(
                context.peers,
                settings,
                counters,
                intake -> post(() -> onSymbols(intake)),
                nanoClock.nanoTime());
        metadata = new MetadataSource(
                shards, peers, settings, counters, outcome -> post(() -> onMetadata(outcome)));
        repairs = new SliverRepairs(
                shards,
                peers,
                settings,
                counters,
                sink,
                (repair, isStored) -> post(() -> onStored(repair, isStored)),
                this::onFailed);
        exchange = new CertificateExchange(
                committee,
                context.member,
                context.peers,
                new FollowedFeeds(context.folder, committee.members().size(), store.certificates().feedId()),
                store.certificates(),
                sink,
                counters,
                () -> committee.epochs().epochAt(context.epochClock.time()),
                this::post,
                nanoClock.nanoTime());
    }

    /**
     * What this agent counts.
     *
     * @return live counters, to be read by any thread
     */
    public RepairCounters counters() {
        return counters;
    }

    @Override
    public int doWork() {
        if (closed) {
            return 0;
        }
        int work = 0;
        for (int i = 0; i < MAX_EVENTS_PER_DUTY_CYCLE; i++) {
            Runnable event = events.poll();
            if (event == null) {
                break;
            }
            event.run();
            work++;
        }
        long nowNs = nanoClock.nanoTime();
        work += exchange.doWork(nowNs);
        work += search.search(nowNs);
        work += repairs.storeWaiting();
        work += start(nowNs);
        work += peers.send(nowNs);
        counters.show(queue.waiting(), repairs.running());
        return work;
    }

    /** Asks nobody any more. What still comes is dropped. */
    @Override
    public void onClose() {
        closed = true;
        exchange.close();
        events.clear();
    }

    @Override
    public String roleName() {
        return "moraine-repair";
    }

    private void post(Runnable event) {
        if (!closed) {
            events.add(event);
            onEvent.run();
        }
    }

    private int start(long nowNs) {
        int started = 0;
        while (started < MAX_STARTS_PER_DUTY_CYCLE && !repairs.isStoreBehind() && metadata.hasRoom()) {
            MissingPair next = queue.poll(nowNs);
            if (next == null) {
                break;
            }
            if (!begin(next, nowNs)) {
                queue.putBack(next);
                break;
            }
            started++;
        }
        return started;
    }

    /** Gives false if there is no room for it now. */
    private boolean begin(MissingPair missing, long nowNs) {
        if (search.isExpired(missing.blobId())) {
            counters.add(RepairCount.EXPIRED);
            queue.forget(missing);
            return true;
        }
        if (isWhole(missing)) {
            queue.forget(missing);
            return true;
        }
        BlobMetadata known = metadata.known(missing);
        if (known == null) {
            askForMetadata(missing, nowNs);
            return true;
        }
        if (known.header().lengthBytes() > settings.maxBlobBytes()) {
            counters.add(RepairCount.OVER_LIMIT);
            queue.putOffLong(missing, nowNs);
            return true;
        }
        return repairs.start(missing, known, nowNs);
    }

    /** Both slivers are read, since the index knows of no damage that nobody has read yet. */
    private boolean isWhole(MissingPair missing) {
        return shards.store().hasPair(missing.blobId(), missing.pair())
                && shards.isReadable(missing.key(), Axis.ROW)
                && shards.isReadable(missing.key(), Axis.COLUMN);
    }

    private void askForMetadata(MissingPair missing, long nowNs) {
        if (!metadata.ask(missing, nowNs)) {
            counters.add(RepairCount.ATTEMPTS_FAILED);
            queue.putOff(missing, nowNs);
        }
    }

    private void onMetadata(MetadataIntake.Outcome outcome) {
        long nowNs = nanoClock.nanoTime();
        if (metadata.accept(outcome, nowNs)) {
            queue.putBack(outcome.missing());
        } else {
            askForMetadata(outcome.missing(), nowNs);
        }
    }

    private void onSymbols(SymbolIntake intake) {
        repairs.onOver(intake, nanoClock.nanoTime());
    }

    private void onStored(LineRepair repair, boolean isStored) {
        repairs.end(repair);
        MissingPair missing = repair.missing();
        if (!isStored) {
            counters.add(RepairCount.ATTEMPTS_FAILED);
            queue.putOff(missing, nanoClock.nanoTime());
            return;
        }
        missing.noteProgress();
        boolean isPrimary = repair.way().line() == Axis.ROW;
        counters.add(isPrimary ? RepairCount.PRIMARIES_STORED : RepairCount.SECONDARIES_STORED);
        counters.add(
                RepairCount.PRIMARIES_FROM_PRIMARIES, repair.way() == LineRepair.Way.ROW_FROM_PRIMARIES ? 1 : 0);
        counters.add(RepairCount.BYTES_STORED, repair.sliverBytes());
        if (shards.store().hasPair(missing.blobId(), missing.pair())) {
            counters.add(RepairCount.PAIRS_REPAIRED);
            queue.forget(missing);
        } else {
            queue.putBack(missing);
        }
    }

    private void onFailed(LineRepair repair, Failure failure) {
        MissingPair missing = repair.missing();
        long nowNs = nanoClock.nanoTime();
        if (failure == Failure.INCONSISTENT) {
            counters.add(RepairCount.INCONSISTENT);
            queue.putOffLong(missing, nowNs);
        } else if (repair.way() == LineRepair.Way.ROW) {
            // Too few columns can be had: whole primaries come next, and only then a pause.
            missing.setFromPrimaries(true);
            queue.putBack(missing);
        } else {
            missing.setFromPrimaries(false);
            counters.add(RepairCount.ATTEMPTS_FAILED);
            queue.putOff(missing, nowNs);
        }
    }

    /** What an agent needs. For one thread. */
    public static final class Context {
        private @Nullable Committee committee;
        private @Nullable SliverStore store;
        private @Nullable RepairSink sink;
        private @Nullable Path folder;
        private int member = -1;
        private List<PeerConnection> peers = List.of();
        private RepairSettings settings = RepairSettings.defaults();
        private EpochClock epochClock = SystemEpochClock.INSTANCE;
        private NanoClock nanoClock = SystemNanoClock.INSTANCE;
        private Runnable onEvent = () -> {};

        /**
         * Sets the committee.
         *
         * @param value who holds what; must be set
         * @return this
         */
        public Context committee(Committee value) {
            committee = value;
            return this;
        }

        /**
         * Sets whose repair it is.
         *
         * @param value the node's place in the committee; must be set
         * @return this
         */
        public Context member(int value) {
            member = value;
            return this;
        }

        /**
         * Sets the store.
         *
         * @param value what the node holds; must be set
         * @return this
         */
        public Context store(SliverStore value) {
            store = value;
            return this;
        }

        /**
         * Sets where slivers and certificates go.
         *
         * @param value the store's writer; must be set
         * @return this
         */
        public Context sink(RepairSink value) {
            sink = value;
            return this;
        }

        /**
         * Sets the other nodes.
         *
         * @param value one connection a member, in committee order, that of the node itself included but never used; they
         *     stay the caller's, who closes them after the agent; must be set
         * @return this
         */
        public Context peers(List<PeerConnection> value) {
            peers = List.copyOf(value);
            return this;
        }

        /**
         * Sets where it is kept how far the feeds of the others were followed.
         *
         * @param value a folder that goes with the store, which exists; null to begin anew after every start
         * @return this
         */
        public Context folder(@Nullable Path value) {
            folder = value;
            return this;
        }

        /**
         * Sets how much is done at once.
         *
         * @param value the settings
         * @return this
         */
        public Context settings(RepairSettings value) {
            settings = value;
            return this;
        }

        /**
         * Sets the clock that epochs go by.
         *
         * @param value milliseconds since 1970
         * @return this
         */
        public Context epochClock(EpochClock value) {
            epochClock = value;
            return this;
        }

        /**
         * Sets the clock that delays go by.
         *
         * @param value nanoseconds
         * @return this
         */
        public Context nanoClock(NanoClock value) {
            nanoClock = value;
            return this;
        }

        /**
         * Sets what is told that there is work.
         *
         * @param value called on event loops; must not block
         * @return this
         */
        public Context onEvent(Runnable value) {
            onEvent = value;
            return this;
        }

        /**
         * Checks what was set.
         *
         * @return the agent
         * @throws IllegalArgumentException if something is missing or out of range
         */
        public RepairAgent conclude() {
            Committee checked = required("committee", committee);
            int members = checked.members().size();
            if (member < 0 || member >= members) {
                throw new IllegalArgumentException(
                        "member must be from 0 to " + (members - 1) + ", but is " + member);
            }
            if (peers.size() != members) {
                throw new IllegalArgumentException(
                        "peers must be " + members + " connections, but are " + peers.size());
            }
            return new RepairAgent(this, checked, required("store", store), required("sink", sink));
        }

        private static <T> T required(String field, @Nullable T value) {
            if (value == null) {
                throw new IllegalArgumentException(field + " must be set");
            }
            return value;
        }
    }
}
