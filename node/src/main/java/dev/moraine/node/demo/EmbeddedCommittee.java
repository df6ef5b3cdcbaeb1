package dev.moraine.node.demo;

import dev.moraine.codec.Geometry;
import dev.moraine.ingest.pipeline.IngestContext;
import dev.moraine.node.gateway.Gateway;
import dev.moraine.node.genesis.GenesisException;
import dev.moraine.node.genesis.GenesisFile;
import dev.moraine.node.storagenode.NodeLimits;
import dev.moraine.node.storagenode.StorageNode;
import dev.moraine.node.storagenode.WriterGrant;
import dev.moraine.proofs.certificate.BlsSecretKey;
import dev.moraine.proofs.certificate.KeyFile;
import dev.moraine.proofs.certificate.WriterKey;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.proofs.committee.InvalidCommitteeException;
import dev.moraine.storage.store.StoreException;
import dev.moraine.wire.transport.BindFailedException;
import dev.moraine.wire.transport.Transport;
import dev.moraine.wire.transport.TransportKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * A whole committee in one process: one node per shard, each with its own keys, data folder and loopback port, talking
 * the real protocol over real sockets. Only threads are shared: two event loops and two agent runners serve all nodes,
 * so that 192 of them fit.
 *
 * <p>The folder holds {@code genesis.json}, {@code writer.key}, and {@code node-<i>/} with {@code node.key} and
 * {@code data/}. For one thread.
 */
public final class EmbeddedCommittee implements AutoCloseable {
    private static final String GENESIS_FILE = "genesis.json";
    private static final long EPOCH_SECONDS = TimeUnit.HOURS.toSeconds(1);
    private static final long RETENTION_EPOCHS = 24;
    private static final long WRITER_QUOTA_BYTES = 1L << 40;
    private static final int SHARED_THREADS = 2;

    /** Segments are written full of zeros when they are made, and 192 nodes make one each. */
    private static final long ALL_SEGMENTS_BYTES = 64L << 20;

    private static final long MIN_SEGMENT_BYTES = 512L << 10;
    private static final long MAX_SEGMENT_BYTES = 4L << 20;

    private final Path folder;
    private final Committee committee;
    private final WriterKey writerKey;
    private final BlsSecretKey[] keys;
    private final long maxBlobBytes;
    private final Transport transport;
    private final List<SharedAgent> agents = new ArrayList<>();
    private final List<AgentRunner> runners = new ArrayList<>();
    private final @Nullable StorageNode[] nodes;

    private EmbeddedCommittee(
            Path folder,
            Committee committee,
            WriterKey writerKey,
            BlsSecretKey[] keys,
            TransportKind kind,
            long maxBlobBytes) {
        this.folder = folder;
        this.committee = committee;
        this.writerKey = writerKey;
        this.keys = keys;
        this.maxBlobBytes = maxBlobBytes;
        nodes = new StorageNode[keys.length];
        transport = new Transport(kind, SHARED_THREADS);
        for (int i = 0; i < SHARED_THREADS; i++) {
            SharedAgent shared = new SharedAgent("nodes-" + i);
            IdleStrategy idle = new BackoffIdleStrategy(
                    10, 10, TimeUnit.MICROSECONDS.toNanos(1), TimeUnit.MILLISECONDS.toNanos(1));
            AgentRunner runner = new AgentRunner(idle, SharedAgent::onFailure, null, shared);
            AgentRunner.startOnThread(runner);
            agents.add(shared);
            runners.add(runner);
        }
    }

    /**
     * Makes keys and a genesis file, and starts every node.
     *
     * @param folder an empty folder
     * @param geometry the committee's shard count, one node for each
     * @param ports the loopback port of every node
     * @param kind how sockets are driven
     * @param maxBlobBytes longest blob that the nodes take
     * @return the running committee
     * @throws DemoException if a file cannot be written or a node cannot listen
     */
    public static EmbeddedCommittee start(
            Path folder, Geometry geometry, List<Integer> ports, TransportKind kind, long maxBlobBytes)
            throws DemoException {
        SecureRandom random = new SecureRandom();
        BlsSecretKey[] keys = new BlsSecretKey[geometry.shards()];
        Arrays.setAll(keys, i -> BlsSecretKey.generate(random));
        WriterKey writerKey = WriterKey.generate(random);
        EmbeddedCommittee embedded = null;
        boolean isStarted = false;
        try {
            GenesisFile.write(folder.resolve(GENESIS_FILE), makeCommittee(geometry, ports, keys));
            KeyFile.write(folder.resolve("writer.key"), writerKey);
            for (int i = 0; i < keys.length; i++) {
                KeyFile.write(Files.createDirectories(nodeFolder(folder, i)).resolve("node.key"), keys[i]);
            }
            Committee committee = GenesisFile.read(folder.resolve(GENESIS_FILE));
            embedded = new EmbeddedCommittee(folder, committee, writerKey, keys, kind, maxBlobBytes);
            for (int i = 0; i < keys.length; i++) {
                embedded.startNode(i);
            }
            isStarted = true;
            return embedded;
        } catch (IOException | GenesisException e) {
            throw new DemoException("cannot write into " + folder + ": " + e, e);
        } finally {
            if (!isStarted && embedded != null) {
                embedded.close();
            } else if (!isStarted) {
                destroy(writerKey, keys);
            }
        }
    }

    private static void destroy(WriterKey writerKey, BlsSecretKey[] keys) {
        writerKey.destroy();
        for (BlsSecretKey key : keys) {
            key.destroy();
        }
    }

    private static Committee makeCommittee(Geometry geometry, List<Integer> ports, BlsSecretKey[] keys)
            throws DemoException {
        List<CommitteeMember> members = new ArrayList<>();
        String host = InetAddress.getLoopbackAddress().getHostAddress();
        for (int i = 0; i < geometry.shards(); i++) {
            members.add(new CommitteeMember(
                    "node-" + i, host, ports.get(i), keys[i].publicKey(), keys[i].proofOfPossession(), i, 1));
        }
        try {
            // The epoch began a minute ago, and has the rest of an hour left for the demo.
            long genesisTimeSeconds = System.currentTimeMillis() / 1000 - 60;
            return Committee.of(geometry.shards(), genesisTimeSeconds, EPOCH_SECONDS, RETENTION_EPOCHS, members);
        } catch (InvalidCommitteeException e) {
            throw new DemoException("the committee is not valid: " + e.getMessage(), e);
        }
    }

    /**
     * Starts a node that is not running, on its own folder and port.
     *
     * @param member its place in the committee
     * @throws DemoException if its store cannot be opened or its port is taken
     */
    public void startNode(int member) throws DemoException {
        InetSocketAddress address = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), committee.members().get(member).port());
        try {
            StorageNode node = StorageNode.open(new StorageNode.Context()
                    .committee(committee)
                    .memberIndex(member)
                    .secretKey(keys[member])
                    .folder(dataFolder(member))
                    .bindAddress(address)
                    .transport(transport)
                    .segmentBytes(segmentBytes())
                    .limits(new NodeLimits.Context().maxBlobBytes(maxBlobBytes).conclude())
                    .writers(List.of(WriterGrant.ofAnyNamespace(writerKey.publicKey(), WRITER_QUOTA_BYTES)))
                    .ownRunners(false));
            nodes[member] = node;
            agents.get(member % SHARED_THREADS).add(node.agents());
        } catch (BindFailedException | StoreException e) {
            throw new DemoException("node-" + member + " cannot start: " + e.getMessage(), e);
        }
    }

    /**
     * Stops a node: its connections close, its folder stays.
     *
     * @param member its place in the committee; nothing happens if it is not running
     */
    public void stopNode(int member) {
        StorageNode node = nodes[member];
        if (node != null) {
            nodes[member] = null;
            node.close();
            agents.get(member % SHARED_THREADS).remove(node.agents());
        }
    }

    /**
     * Connects a gateway to all nodes, over event loops of its own.
     *
     * @return a gateway that may write any namespace; closed by the caller
     */
    public Gateway openGateway() {
        return Gateway.open(new Gateway.Context()
                .committee(committee)
                .writerKey(writerKey)
                .transportKind(transport.kind())
                .ingest(new IngestContext().maxBlobBytes(maxBlobBytes)));
    }

    /**
     * Who the nodes are.
     *
     * @return the committee of the genesis file
     */
    public Committee committee() {
        return committee;
    }

    /**
     * Where a node keeps its slivers.
     *
     * @param member its place in the committee
     * @return its data folder
     */
    public Path dataFolder(int member) {
        return nodeFolder(folder, member).resolve("data");
    }

    /** Stops all nodes and threads; the folder stays. */
    @Override
    public void close() {
        for (int i = 0; i < nodes.length; i++) {
            stopNode(i);
        }
        runners.forEach(AgentRunner::close);
        transport.close();
        destroy(writerKey, keys);
    }

    private long segmentBytes() {
        long fairShareBytes = ALL_SEGMENTS_BYTES / keys.length;
        return Math.clamp(
                Long.highestOneBit(fairShareBytes), MIN_SEGMENT_BYTES, MAX_SEGMENT_BYTES);
    }

    private static Path nodeFolder(Path folder, int member) {
        return folder.resolve("node-" + member);
    }
}
