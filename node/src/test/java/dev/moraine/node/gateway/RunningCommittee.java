package dev.moraine.node.gateway;

import dev.moraine.ingest.pipeline.IngestContext;
import dev.moraine.node.storagenode.PeerSettings;
import dev.moraine.node.storagenode.StorageNode;
import dev.moraine.node.storagenode.WriterGrant;
import dev.moraine.proofs.certificate.BlsSecretKey;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.certificate.WriterKey;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.proofs.committee.InvalidCommitteeException;
import dev.moraine.sampling.repair.RepairSettings;
import dev.moraine.storage.store.StoreException;
import dev.moraine.wire.transport.BindFailedException;
import dev.moraine.wire.transport.Transport;
import dev.moraine.wire.transport.TransportKind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Seven storage nodes of one shard each, f = 2, in this process, and gateways in front of them. */
public final class RunningCommittee implements AutoCloseable {
    /** How many nodes, of one shard each. */
    public static final int NODES = 7;
    /** The current epoch. */
    public static final long EPOCH = 100;
    /** How long a blob may be kept. */
    public static final long RETENTION_EPOCHS = 10;
    /** The namespace that gateways may write. */
    public static final Namespace GRANTED = Namespace.parse("granted");

    private static final long EPOCH_SECONDS = 3_600;
    /** What every clock says, in unix milliseconds. */
    public static final long NOW_MS = 1_000 * (EPOCH * EPOCH_SECONDS + EPOCH_SECONDS / 2);

    private final Path folder;
    private final Committee committee;
    private final List<BlsSecretKey> keys = new ArrayList<>();
    private final WriterKey writer = WriterKey.generate(new SecureRandom());
    private final Transport transport = new Transport(TransportKind.select("auto"), 2);
    private final List<StorageNode> nodes = new ArrayList<>();
    private final List<InetSocketAddress> addresses = new ArrayList<>();

    /** Starts all nodes, which store below the folder. */
    public RunningCommittee(Path folder) throws InvalidCommitteeException, StoreException, BindFailedException {
        this.folder = folder;
        List<CommitteeMember> members = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            BlsSecretKey key = BlsSecretKey.generate(new SecureRandom());
            keys.add(key);
            members.add(new CommitteeMember(
                    "node-" + i, "localhost", 1 + i, key.publicKey(), key.proofOfPossession(), i, 1));
        }
        committee = Committee.of(NODES, 0, EPOCH_SECONDS, RETENTION_EPOCHS, members);
        for (int i = 0; i < NODES; i++) {
            // Nobody knows yet where the others will listen.
            nodes.add(open(
                    i,
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    PeerSettings.defaults().withoutRepair()));
            addresses.add(nodes.get(i).address());
        }
    }

    private StorageNode open(int index, InetSocketAddress address, PeerSettings peers) throws StoreException, BindFailedException {
        return StorageNode.open(new StorageNode.Context()
                .committee(committee)
                .memberIndex(index)
                .secretKey(keys.get(index))
                .folder(folder.resolve("node-" + index))
                .bindAddress(address)
                .transport(transport)
                .segmentBytes(4 << 20)
                .epochClock(() -> NOW_MS)
                .peers(peers)
                .writers(List.of(new WriterGrant(writer.publicKey(), Set.of(GRANTED), 1L << 40))));
    }

    /** Who the nodes are. */
    public Committee committee() {
        return committee;
    }

    /** Where node i listens, up or down. */
    List<InetSocketAddress> addresses() {
        return addresses;
    }

    /** A node, up or down. */
    public StorageNode node(int index) {
        return nodes.get(index);
    }

    /** Event loops for clients. */
    Transport transport() {
        return transport;
    }

    /** Stops the first nodes. */
    public void stop(int count) {
        nodes.subList(0, count).forEach(StorageNode::close);
    }

    /** Starts a stopped node again, where and with what it was. */
    void restart(int index) throws StoreException, BindFailedException {
        nodes.set(index, open(index, addresses.get(index), PeerSettings.defaults().withoutRepair()));
    }

    /** Starts a stopped node again, which repairs what it lacks from the others. */
    StorageNode restartRepairing(int index) throws StoreException, BindFailedException {
        RepairSettings settings = new RepairSettings.Context()
                .graceNs(0)
                .requestTimeoutNs(TimeUnit.SECONDS.toNanos(2))
                .minBackoffNs(TimeUnit.MILLISECONDS.toNanos(50))
                .maxBackoffNs(TimeUnit.SECONDS.toNanos(1))
                .conclude();
        StorageNode node = open(
                index,
                addresses.get(index),
                PeerSettings.defaults().withAddresses(addresses).withRepair(settings));
        nodes.set(index, node);
        return node;
    }

    /** Where a node keeps what it holds. */
    Path folder(int index) {
        return folder.resolve("node-" + index);
    }

    /** A gateway to all nodes. */
    public Gateway gateway() {
        return Gateway.open(new Gateway.Context()
                .committee(committee)
                .writerKey(writer)
                .transport(transport)
                .addresses(addresses)
                .ingest(new IngestContext()
                        .encoders(1)
                        .maxBlobBytes(4 << 20)
                        .memoryBudgetBytes(128 << 20)
                        .nodeTimeoutNs(TimeUnit.SECONDS.toNanos(20))
                        .closeTimeoutNs(TimeUnit.SECONDS.toNanos(2))
                        .epochClock(() -> NOW_MS)));
    }

    @Override
    public void close() {
        nodes.forEach(StorageNode::close);
        transport.close();
    }
}
