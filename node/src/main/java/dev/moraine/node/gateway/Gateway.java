package dev.moraine.node.gateway;

import dev.moraine.codec.ReedSolomon;
import dev.moraine.ingest.disperse.CompletionHandler;
import dev.moraine.ingest.disperse.IngestCounters;
import dev.moraine.ingest.journal.BlobStatus;
import dev.moraine.ingest.pipeline.Admission;
import dev.moraine.ingest.pipeline.IngestContext;
import dev.moraine.ingest.pipeline.IngestPipeline;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.certificate.WriterKey;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.wire.transport.ConnectionLimits;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.Transport;
import dev.moraine.wire.transport.TransportKind;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A gateway: a connection to every storage node of a committee, and the write path in front of them. Thread-safe.
 */
public final class Gateway implements AutoCloseable {
    private final IngestPipeline pipeline;
    private final List<PeerConnection> connections;
    private final @Nullable Transport ownTransport;

    private Gateway(
            IngestPipeline pipeline, List<PeerConnection> connections, @Nullable Transport ownTransport) {
        this.pipeline = pipeline;
        this.connections = connections;
        this.ownTransport = ownTransport;
    }

    /**
     * Starts a gateway. It connects to a node when it first has something for it.
     *
     * @param context what to work with
     * @return the running gateway
     * @throws IllegalArgumentException if a value is missing or out of its range; names field, value and limit
     * @throws IllegalStateException if a kernel of the erasure coder was forced that does not run here; names property and
     *     choices
     */
    public static Gateway open(Context context) {
        context.conclude();
        // A kernel that is not there must stop the gateway now and not the first blob that needs it.
        ReedSolomon.kernelName();
        Committee committee = context.committee();
        Transport shared = context.transport;
        Transport transport = shared == null ? new Transport(context.transportKind, context.transportThreads) : shared;
        List<PeerConnection> connections = new ArrayList<>();
        byte[] deploymentId = committee.deploymentId().toBytes();
        try {
            for (int member = 0; member < committee.members().size(); member++) {
                connections.add(transport.connect(
                        context.addressOf(member), deploymentId, member, context.connectionLimits));
            }
            context.ingest.committee(committee).writerKey(context.writerKey()).connections(connections);
            return new Gateway(
                    IngestPipeline.start(context.ingest), connections, shared == null ? transport : null);
        } catch (RuntimeException e) {
            closeAll(connections, shared == null ? transport : null);
            throw e;
        }
    }

    /**
     * Submits a batch; see {@link IngestPipeline#submit(byte[], Namespace, long, CompletionHandler)}.
     *
     * @param payload the batch, copied before the method returns
     * @param namespace whose batch it is
     * @param expiryEpoch the last epoch in which it is kept
     * @param handler who gets the answer, exactly once if the batch was accepted
     * @return whether it was accepted, or why not
     */
    public Admission submit(byte[] payload, Namespace namespace, long expiryEpoch, CompletionHandler handler) {
        return pipeline.submit(payload, namespace, expiryEpoch, handler);
    }

    /**
     * Submits a batch; see {@link IngestPipeline#submit(MemorySegment, Namespace, long, CompletionHandler)}.
     *
     * @param payload the batch, copied before the method returns
     * @param namespace whose batch it is
     * @param expiryEpoch the last epoch in which it is kept
     * @param handler who gets the answer, exactly once if the batch was accepted
     * @return whether it was accepted, or why not
     */
    public Admission submit(MemorySegment payload, Namespace namespace, long expiryEpoch, CompletionHandler handler) {
        return pipeline.submit(payload, namespace, expiryEpoch, handler);
    }

    /**
     * Where a blob stands, as far as this gateway knows; see {@link IngestPipeline#status}.
     *
     * @param id the blob
     * @return its status
     */
    public BlobStatus status(BlobId id) {
        return pipeline.status(id);
    }

    /**
     * The certificate of a blob among those that this gateway handed out; see {@link IngestPipeline#certificate}.
     *
     * @param id the blob
     * @return the certificate, or null if there is none that has not expired
     */
    public @Nullable BlobCertificate certificate(BlobId id) {
        return pipeline.certificate(id);
    }

    /**
     * What was counted.
     *
     * @return live counters
     */
    public IngestCounters counters() {
        return pipeline.counters();
    }

    /**
     * The memory that batches hold.
     *
     * @return bytes
     */
    public long leasedBytes() {
        return pipeline.leasedBytes();
    }

    /**
     * The connections to the nodes, for readers that share them. The gateway closes them.
     *
     * @return one for each member, in the committee's order
     */
    public List<PeerConnection> connections() {
        return connections;
    }

    /** Refuses new batches, finishes those in flight within a bounded time, fails the rest, and closes connections. */
    @Override
    public void close() {
        pipeline.close();
        closeAll(connections, ownTransport);
    }

    private static void closeAll(List<PeerConnection> connections, @Nullable Transport ownTransport) {
        connections.forEach(PeerConnection::close);
        if (ownTransport != null) {
            ownTransport.close();
        }
    }

    /**
     * The configuration of a gateway. Committee and writer key have to be set.
     *
     * <p>For one thread; not to be changed once a gateway was opened.
     */
    public static final class Context {
        /** Bytes that a connection may hold beside the slivers: offers, certificates and what readers ask for. */
        private static final long OUTBOUND_RESERVE_BYTES = 16L << 20;

        private @Nullable Committee committee;
        private @Nullable WriterKey writerKey;
        private @Nullable Transport transport;
        private @Nullable List<InetSocketAddress> addresses;
        private TransportKind transportKind = TransportKind.select("auto");
        private int transportThreads = 1;
        private IngestContext ingest = new IngestContext();
        private ConnectionLimits connectionLimits = new ConnectionLimits.Context()
                .maxOutboundBytes(IngestContext.DEFAULT_SEND_WINDOW_BYTES + OUTBOUND_RESERVE_BYTES)
                .conclude();

        /**
         * Sets who stores and signs.
         *
         * @param value the committee
         * @return this
         */
        public Context committee(Committee value) {
            committee = value;
            return this;
        }

        /**
         * Sets the key that the gateway's write rights are signed with.
         *
         * @param value the key; the gateway does not destroy it
         * @return this
         */
        public Context writerKey(WriterKey value) {
            writerKey = value;
            return this;
        }

        /**
         * Lets the gateway use a transport that others use too, and that it does not close.
         *
         * @param value the transport
         * @return this
         */
        public Context transport(Transport value) {
            transport = value;
            return this;
        }

        /**
         * Sets how a transport of the gateway's own drives sockets.
         *
         * @param value the kind; the best one available unless set
         * @return this
         */
        public Context transportKind(TransportKind value) {
            transportKind = value;
            return this;
        }

        /**
         * Sets how many event loops a transport of the gateway's own has.
         *
         * @param value from 1; 1 unless set
         * @return this
         */
        public Context transportThreads(int value) {
            transportThreads = value;
            return this;
        }

        /**
         * Sets where the nodes listen, if not where the committee says.
         *
         * @param value one for each member, in the committee's order
         * @return this
         */
        public Context addresses(List<InetSocketAddress> value) {
            addresses = List.copyOf(value);
            return this;
        }

        /**
         * Sets the write path's limits, time-outs and clocks. Committee, writer key and connections in it are replaced.
         *
         * @param value the write path's own context
         * @return this
         */
        public Context ingest(IngestContext value) {
            ingest = value;
            return this;
        }

        /**
         * Sets what the connections to the nodes are bounded by.
         *
         * @param value the limits
         * @return this
         */
        public Context connectionLimits(ConnectionLimits value) {
            connectionLimits = value;
            return this;
        }

        /**
         * Checks what the gateway itself needs; the write path checks its own.
         *
         * @return this
         * @throws IllegalArgumentException if a value is missing or out of its range
         */
        public Context conclude() {
            int members = committee().members().size();
            List<InetSocketAddress> given = addresses;
            if (given != null && given.size() != members) {
                throw new IllegalArgumentException("addresses must be one for each of the " + members
                        + " members of the committee, but are " + given.size());
            }
            if (writerKey().isDestroyed()) {
                throw new IllegalArgumentException("writerKey must be a living key, but it was destroyed");
            }
            return this;
        }

        private Committee committee() {
            return present("committee", committee);
        }

        private WriterKey writerKey() {
            return present("writerKey", writerKey);
        }

        private InetSocketAddress addressOf(int member) {
            List<InetSocketAddress> given = addresses;
            if (given != null) {
                return given.get(member);
            }
            CommitteeMember node = committee().members().get(member);
            return InetSocketAddress.createUnresolved(node.host(), node.port());
        }

        private static <T> T present(String field, @Nullable T value) {
            if (value == null) {
                throw new IllegalArgumentException(field + " must be set");
            }
            return value;
        }
    }
}
