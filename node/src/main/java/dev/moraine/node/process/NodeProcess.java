package dev.moraine.node.process;

import dev.moraine.node.config.Configuration;
import dev.moraine.node.config.NodeKeys;
import dev.moraine.node.config.SharedKeys;
import dev.moraine.node.http.HttpRoutes;
import dev.moraine.node.http.HttpServer;
import dev.moraine.node.http.door.NodeDoor;
import dev.moraine.node.storagenode.NodeLimits;
import dev.moraine.node.storagenode.StorageNode;
import dev.moraine.proofs.certificate.BlsSecretKey;
import dev.moraine.proofs.certificate.KeyFile;
import dev.moraine.proofs.certificate.KeyFileException;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.storage.store.StoreException;
import dev.moraine.wire.transport.BindFailedException;
import dev.moraine.wire.transport.ServerLimits;
import dev.moraine.wire.transport.ServerSecurity;
import dev.moraine.wire.transport.Transport;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;

/** A storage node made from its configuration. Thread-safe. */
public final class NodeProcess implements AutoCloseable {
    private final String name;
    private final Path dataFolder;
    private final BlsSecretKey key;
    private final Transport transport;
    private final StorageNode node;
    private final @Nullable NodeDoor door;

    private NodeProcess(
            String name,
            Path dataFolder,
            BlsSecretKey key,
            Transport transport,
            StorageNode node,
            @Nullable NodeDoor door) {
        this.name = name;
        this.dataFolder = dataFolder;
        this.key = key;
        this.transport = transport;
        this.node = node;
        this.door = door;
    }

    /**
     * Warms up, opens the store and listens. Which member of the committee the node is follows from its key.
     *
     * @param configuration of {@link NodeKeys#SCHEMA}
     * @param isEnding whether the process was told to end meanwhile; shortens the warm-up
     * @return the running node
     * @throws ProcessException if the configuration does not fit the deployment, the store or the machine
     */
    public static NodeProcess start(Configuration configuration, BooleanSupplier isEnding) throws ProcessException {
        Committee committee = Deployment.committee(configuration);
        NodeLimits limits = limits(configuration);
        ServerLimits serverLimits = serverLimits(configuration);
        BlsSecretKey key = key(configuration);
        boolean isStarted = false;
        Transport transport = null;
        StorageNode node = null;
        try {
            int index = memberIndex(configuration, committee, key);
            CommitteeMember member = committee.members().get(index);
            TlsSetup tls = TlsSetup.of(configuration);
            ServerSecurity security = tls.ofServer(configuration, index);
            InetSocketAddress address = listenAddress(configuration, member, tls.allowsStrangers(configuration));
            new KernelWarmUp(committee.geometry(), SystemNanoClock.INSTANCE, isEnding)
                    .verify(configuration.get(SharedKeys.WARM_UP_MS));
            transport = Deployment.transport(configuration);
            node = StorageNode.open(new StorageNode.Context()
                    .committee(committee)
                    .memberIndex(index)
                    .secretKey(key)
                    .folder(configuration.path(NodeKeys.DATA))
                    .bindAddress(address)
                    .transport(transport)
                    .segmentBytes(configuration.get(NodeKeys.SEGMENT_BYTES))
                    .storeSettings(store -> store.reserveBytes(configuration.get(NodeKeys.RESERVE_BYTES))
                            .compactionBytesPerSecond(configuration.get(NodeKeys.COMPACTION_BYTES_PER_SECOND))
                            .scrubSeconds(configuration.get(NodeKeys.SCRUB_SECONDS)))
                    .writers(configuration.get(NodeKeys.WRITERS))
                    .limits(limits)
                    .serverLimits(serverLimits)
                    .serverSecurity(security));
            NodeDoor door = door(configuration, node, committee);
            isStarted = true;
            return new NodeProcess(member.name(), configuration.path(NodeKeys.DATA), key, transport, node, door);
        } catch (StoreException
                | BindFailedException
                | UncheckedIOException
                | IllegalArgumentException
                | IllegalStateException e) {
            throw new ProcessException(String.valueOf(e.getMessage()), e);
        } finally {
            if (!isStarted && node != null) {
                node.close();
            }
            if (!isStarted) {
                key.destroy();
            }
            if (!isStarted && transport != null) {
                transport.close();
            }
        }
    }

    /**
     * What the node is called in the genesis file.
     *
     * @return its name
     */
    public String name() {
        return name;
    }

    /**
     * Where the node listens.
     *
     * @return the address with the port that it got
     */
    public InetSocketAddress address() {
        return node.address();
    }

    /**
     * Where the node's store is.
     *
     * @return the folder
     */
    public Path dataFolder() {
        return dataFolder;
    }

    /**
     * Where health and metrics are answered.
     *
     * @return the address with the port that it got, or null if it is not wanted
     */
    public @Nullable InetSocketAddress httpAddress() {
        NodeDoor open = door;
        return open == null ? null : open.address();
    }

    /** Stops listening, lets the store finish what it is at, and closes it. */
    @Override
    public void close() {
        NodeDoor open = door;
        if (open != null) {
            open.close();
        }
        node.close();
        transport.close();
        key.destroy();
    }

    private static @Nullable NodeDoor door(Configuration configuration, StorageNode node, Committee committee)
            throws ProcessException, BindFailedException {
        InetSocketAddress address = configuration.find(NodeKeys.HTTP_ADDRESS);
        if (address == null) {
            return null;
        }
        InetSocketAddress resolved = ListenRule.resolve(
                NodeKeys.HTTP_ADDRESS.path(), address, configuration.get(SharedKeys.ALLOW_PLAINTEXT));
        return NodeDoor.open(
                node,
                committee,
                new HttpServer.Context().address(resolved),
                new HttpRoutes.Context().conclude(),
                List.of());
    }

    private static BlsSecretKey key(Configuration configuration) throws ProcessException {
        try {
            return KeyFile.readBls(configuration.path(SharedKeys.KEY));
        } catch (KeyFileException e) {
            throw new ProcessException(String.valueOf(e.getMessage()), e);
        }
    }

    private static int memberIndex(Configuration configuration, Committee committee, BlsSecretKey key)
            throws ProcessException {
        OptionalInt index = committee.memberWithKey(key.publicKey());
        if (index.isEmpty()) {
            throw new ProcessException("the key in " + configuration.path(SharedKeys.KEY) + " is of no node in "
                    + configuration.path(SharedKeys.GENESIS) + "; its public key is " + key.publicKey());
        }
        return index.getAsInt();
    }

    private static InetSocketAddress listenAddress(
            Configuration configuration, CommitteeMember member, boolean allowsStrangers) throws ProcessException {
        InetSocketAddress set = configuration.find(NodeKeys.LISTEN);
        return set == null
                ? ListenRule.resolve(
                        "the address in the genesis file",
                        InetSocketAddress.createUnresolved(member.host(), member.port()),
                        allowsStrangers)
                : ListenRule.resolve(NodeKeys.LISTEN.path(), set, allowsStrangers);
    }

    private static NodeLimits limits(Configuration configuration) throws ProcessException {
        try {
            return new NodeLimits.Context()
                    .maxBlobBytes(configuration.get(NodeKeys.MAX_BLOB_BYTES))
                    .maxBundleBytes(configuration.get(NodeKeys.MAX_BUNDLE_BYTES))
                    .memoryBytes(configuration.get(NodeKeys.MEMORY_BYTES))
                    .maxBundlesPerConnection(Math.toIntExact(configuration.get(NodeKeys.MAX_BUNDLES_PER_CONNECTION)))
                    .admissionQueueCapacity(Math.toIntExact(configuration.get(NodeKeys.ADMISSION_QUEUE)))
                    .storeQueueCapacity(Math.toIntExact(configuration.get(NodeKeys.STORE_QUEUE)))
                    .readQueueCapacity(Math.toIntExact(configuration.get(NodeKeys.READ_QUEUE)))
                    .uploadStallNs(TimeUnit.MILLISECONDS.toNanos(configuration.get(NodeKeys.UPLOAD_STALL_MS)))
                    .leastUploadBytesPerSecond(configuration.get(NodeKeys.LEAST_UPLOAD_BYTES_PER_SECOND))
                    .retryDelayMs(Math.toIntExact(configuration.get(NodeKeys.RETRY_DELAY_MS)))
                    .conclude();
        } catch (IllegalArgumentException e) {
            throw new ProcessException("limits." + e.getMessage(), e);
        }
    }

    private static ServerLimits serverLimits(Configuration configuration) throws ProcessException {
        try {
            return new ServerLimits.Context()
                    .maxConnections(Math.toIntExact(configuration.get(NodeKeys.MAX_CONNECTIONS)))
                    .maxConnectionsPerAddress(
                            Math.toIntExact(configuration.get(NodeKeys.MAX_CONNECTIONS_PER_ADDRESS)))
                    .maxRequestsPerConnection(
                            Math.toIntExact(configuration.get(NodeKeys.MAX_REQUESTS_PER_CONNECTION)))
                    .maxRequestsPerAddress(Math.toIntExact(configuration.get(NodeKeys.MAX_REQUESTS_PER_ADDRESS)))
                    .maxInboundBytes(configuration.get(NodeKeys.MAX_INBOUND))
                    .maxOutboundBytes(configuration.get(NodeKeys.MAX_OUTBOUND))
                    .maxTotalOutboundBytes(configuration.get(NodeKeys.MAX_TOTAL_OUTBOUND))
                    .handshakeTimeoutNs(TimeUnit.MILLISECONDS.toNanos(configuration.get(NodeKeys.HANDSHAKE_TIMEOUT_MS)))
                    .frameTimeoutNs(TimeUnit.MILLISECONDS.toNanos(configuration.get(NodeKeys.FRAME_TIMEOUT_MS)))
                    .idleTimeoutNs(TimeUnit.MILLISECONDS.toNanos(configuration.get(NodeKeys.IDLE_TIMEOUT_MS)))
                    .requestTimeoutNs(TimeUnit.MILLISECONDS.toNanos(configuration.get(NodeKeys.REQUEST_TIMEOUT_MS)))
                    .conclude();
        } catch (IllegalArgumentException e) {
            throw new ProcessException("transport." + e.getMessage(), e);
        }
    }
}
