package dev.moraine.node.storagenode;

import dev.moraine.codec.ReedSolomon;
import dev.moraine.proofs.certificate.BlsSecretKey;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.sampling.audit.AuditCounters;
import dev.moraine.sampling.feed.FeedCounters;
import dev.moraine.sampling.repair.RepairCounters;
import dev.moraine.sampling.serve.ReadCounters;
import dev.moraine.storage.disk.FileDisk;
import dev.moraine.storage.store.SliverStore;
import dev.moraine.storage.store.StoreContext;
import dev.moraine.storage.store.StoreException;
import dev.moraine.storage.store.StoreHealth;
import dev.moraine.wire.transport.BindFailedException;
import dev.moraine.wire.transport.NodeIdentity;
import dev.moraine.wire.transport.PeerServer;
import dev.moraine.wire.transport.ServerLimits;
import dev.moraine.wire.transport.ServerSecurity;
import dev.moraine.wire.transport.Transport;
import dev.moraine.wire.transport.TransportCounters;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * A storage node: it listens, admits bundles, verifies and stores them, signs what it has stored, keeps certificates, and
 * answers reads. Four agents do the work; network threads only queue and copy.
 *
 * <p>Everything a node grants is bounded by {@link NodeLimits} and {@link ServerLimits}. Thread-safe.
 */
public final class StorageNode implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(StorageNode.class.getName());

    private final SliverStore store;
    private final NodeParts parts;
    private final List<AgentRunner> runners = new ArrayList<>();
    private final PeerServer server;
    private boolean closed;

    private StorageNode(Context context, SliverStore store) throws BindFailedException {
        this.store = store;
        parts = NodeParts.of(context, store);
        NodeIdentity identity = new NodeIdentity(context.committee().deploymentId().toBytes(), context.memberIndex);
        try {
            server = required("transport", context.transport)
                    .listen(context.bindAddress(), identity, parts.handler(), context.serverLimits, context.serverSecurity);
        } catch (BindFailedException | RuntimeException e) {
            parts.quotas().close();
            throw e;
        }
        if (context.ownRunners) {
            parts.agents().forEach(agent -> runners.add(agent.startOnThread()));
        }
    }

    /**
     * Opens the store, recovers it, and starts to listen and work.
     *
     * @param context what the node is made of
     * @return the running node
     * @throws IllegalArgumentException if the context misses something or contradicts itself
     * @throws StoreException if the store cannot be opened
     * @throws BindFailedException if the node cannot listen at its address
     * @throws java.io.UncheckedIOException if the ledger of writers in the data folder cannot be read or written
     * @throws IllegalStateException if a kernel of the erasure coder was forced that does not run here; names property and
     *     choices
     */
    public static StorageNode open(Context context) throws StoreException, BindFailedException {
        context.conclude();
        // A kernel that is not there must stop the node now and not the first blob that needs it.
        ReedSolomon.kernelName();
        SliverStore store = SliverStore.open(context.storeContext());
        try {
            StorageNode node = new StorageNode(context, store);
            LOGGER.log(Level.INFO, () -> "node " + context.memberIndex + " listens on " + node.address());
            return node;
        } catch (BindFailedException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /**
     * Where the node listens.
     *
     * @return the address, with the port that was found if it was asked for port 0
     */
    public InetSocketAddress address() {
        return server.address();
    }

    /**
     * What must be run for the node to work, unless its own runners do. An agent is to be run by one thread at a time.
     *
     * @return the agents; once the node is closed they do nothing
     */
    public List<Agent> agents() {
        return List.copyOf(parts.agents());
    }

    /**
     * What was counted about bundles and certificates.
     *
     * @return live counters
     */
    public NodeCounters counters() {
        return parts.counters();
    }

    /**
     * What was counted about reads.
     *
     * @return live counters
     */
    public ReadCounters readCounters() {
        return parts.reading().counters();
    }

    /**
     * What was counted about followers of this node's certificates.
     *
     * @return live counters
     */
    public FeedCounters feedCounters() {
        return parts.services().feedCounters();
    }

    /**
     * What was counted about verdicts.
     *
     * @return live counters
     */
    public AuditCounters auditCounters() {
        return parts.services().auditCounters();
    }

    /**
     * What was counted about repair.
     *
     * @return live counters, or null if the node does not repair
     */
    public @Nullable RepairCounters repairCounters() {
        return parts.services().repairCounters();
    }

    /**
     * What was counted about connections.
     *
     * @return live counters
     */
    public TransportCounters transportCounters() {
        return server.counters();
    }

    /**
     * How the store is.
     *
     * @return its state now
     */
    public StoreHealth storeHealth() {
        return store.health();
    }

    /**
     * Memory that is reserved for bodies of bundles.
     *
     * @return bytes; zero when no bundle is being received or stored
     */
    public long reservedBytes() {
        return parts.memory().usedBytes();
    }

    /**
     * Stops accepting, lets the agents finish what they are at, drops what waits, gives back all memory, and closes the
     * store. What was signed stays signed. Safe whoever runs the agents; the second call does nothing.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        server.close();
        parts.agents().forEach(ClosableAgent::onClose);
        runners.forEach(AgentRunner::close);
        parts.quotas().close();
        parts.services().close();
        store.close();
    }

    private static <T> T required(String field, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(field + " must be set");
        }
        return value;
    }

    /** What a node is made of. For one thread. */
    public static final class Context {
        private @Nullable Committee committee;
        private int memberIndex = -1;
        private @Nullable BlsSecretKey secretKey;
        private @Nullable Path folder;
        private @Nullable InetSocketAddress bindAddress;
        private @Nullable Transport transport;
        private long segmentBytes = StoreContext.DEFAULT_SEGMENT_BYTES;
        private Collection<WriterGrant> writers = List.of();
        private EpochClock epochClock = SystemEpochClock.INSTANCE;
        private NanoClock nanoClock = SystemNanoClock.INSTANCE;
        private NodeLimits limits = NodeLimits.defaults();
        private ServerLimits serverLimits = ServerLimits.defaults();
        private PeerSettings peers = PeerSettings.defaults();
        private ServerSecurity serverSecurity = ServerSecurity.plaintextOnLoopback();
        private boolean ownRunners = true;
        private StoreContext.DiskFactory storeDisks = FileDisk::open;
        private UnaryOperator<StoreContext> storeSettings = UnaryOperator.identity();

        /**
         * Sets the committee.
         *
         * @param value who the nodes are; must be set
         * @return this
         */
        public Context committee(Committee value) {
            committee = value;
            return this;
        }

        /**
         * Sets the node's place in the committee.
         *
         * @param value from 0; must be set
         * @return this
         */
        public Context memberIndex(int value) {
            memberIndex = value;
            return this;
        }

        /**
         * Sets the key that signs.
         *
         * @param value the secret key of that member; must be set
         * @return this
         */
        public Context secretKey(BlsSecretKey value) {
            secretKey = value;
            return this;
        }

        /**
         * Sets the data folder.
         *
         * @param value a folder of the node's own, made if it is missing; must be set
         * @return this
         */
        public Context folder(Path value) {
            folder = value;
            return this;
        }

        /**
         * Sets the address to listen at.
         *
         * @param value host and port, port 0 for a free one; must be set
         * @return this
         */
        public Context bindAddress(InetSocketAddress value) {
            bindAddress = value;
            return this;
        }

        /**
         * Sets the event loops.
         *
         * @param value shared with others and not closed with the node; must be set
         * @return this
         */
        public Context transport(Transport value) {
            transport = value;
            return this;
        }

        /**
         * Sets the length of the store's segment files.
         *
         * @param value in bytes, see {@link StoreContext#segmentBytes}
         * @return this
         */
        public Context segmentBytes(long value) {
            segmentBytes = value;
            return this;
        }

        /**
         * Sets the known writers.
         *
         * @param value each key once; nobody else may store anything
         * @return this
         */
        public Context writers(Collection<WriterGrant> value) {
            writers = value;
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
         * Sets the clock that uploads are timed by.
         *
         * @param value nanoseconds
         * @return this
         */
        public Context nanoClock(NanoClock value) {
            nanoClock = value;
            return this;
        }

        /**
         * Sets the limits.
         *
         * @param value what clients are granted
         * @return this
         */
        public Context limits(NodeLimits value) {
            limits = value;
            return this;
        }

        /**
         * Sets the limits of connections.
         *
         * @param value what connections are granted
         * @return this
         */
        public Context serverLimits(ServerLimits value) {
            serverLimits = value;
            return this;
        }

        /**
         * Sets how the node deals with the other nodes.
         *
         * @param value their addresses, and what it does with them
         * @return this
         */
        public Context peers(PeerSettings value) {
            peers = value;
            return this;
        }

        /**
         * Sets how connections are protected.
         *
         * @param value no protection, on loopback only, unless set
         * @return this
         */
        public Context serverSecurity(ServerSecurity value) {
            serverSecurity = value;
            return this;
        }

        /**
         * Sets the runners.
         *
         * @param value false if the caller runs {@link StorageNode#agents()}
         * @return this
         */
        public Context ownRunners(boolean value) {
            ownRunners = value;
            return this;
        }

        /**
         * Sets what else there is to set of the store.
         *
         * @param value is handed the store's context before it is concluded
         * @return this
         */
        public Context storeSettings(UnaryOperator<StoreContext> value) {
            storeSettings = value;
            return this;
        }

        /** Sets what stands between the store and the file system. */
        Context storeDisks(StoreContext.DiskFactory value) {
            storeDisks = value;
            return this;
        }

        /**
         * Checks what was set.
         *
         * @return this
         * @throws IllegalArgumentException if something is missing, out of range, or contradicts the committee
         */
        public Context conclude() {
            Committee checked = committee();
            folder();
            bindAddress();
            required("transport", transport);
            if (memberIndex < 0 || memberIndex >= checked.members().size()) {
                throw new IllegalArgumentException("memberIndex must be from 0 to " + (checked.members().size() - 1)
                        + ", but is " + memberIndex);
            }
            if (!checked.members().get(memberIndex).publicKey().equals(secretKey().publicKey())) {
                throw new IllegalArgumentException("secretKey must be that of member " + memberIndex
                        + ", whose public key is " + checked.members().get(memberIndex).publicKey());
            }
            peers.check(checked);
            if (writers.stream().map(WriterGrant::key).distinct().count() != writers.size()) {
                throw new IllegalArgumentException("writers must name each key once");
            }
            return this;
        }

        Committee committee() {
            return required("committee", committee);
        }

        int memberIndex() {
            return memberIndex;
        }

        BlsSecretKey secretKey() {
            return required("secretKey", secretKey);
        }

        Collection<WriterGrant> writers() {
            return writers;
        }

        EpochClock epochClock() {
            return epochClock;
        }

        NanoClock nanoClock() {
            return nanoClock;
        }

        PeerSettings peers() {
            return peers;
        }

        Path folder() {
            return required("folder", folder);
        }

        Transport transport() {
            return required("transport", transport);
        }

        NodeLimits limits() {
            return limits;
        }

        private InetSocketAddress bindAddress() {
            return required("bindAddress", bindAddress);
        }

        private StoreContext storeContext() {
            StoreContext store = new StoreContext()
                    .folder(folder())
                    .deploymentId(committee().deploymentId())
                    .segmentBytes(segmentBytes)
                    .disks(storeDisks);
            return storeSettings.apply(store).conclude();
        }
    }
}
