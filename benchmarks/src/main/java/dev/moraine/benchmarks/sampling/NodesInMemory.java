package dev.moraine.benchmarks.sampling;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlsSecretKey;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.proofs.committee.ShardAssignment;
import dev.moraine.sampling.serve.ReadAgent;
import dev.moraine.storage.store.SliverStore;
import dev.moraine.storage.store.StoreContext;
import dev.moraine.wire.message.ClientMessage;
import dev.moraine.wire.transport.NodeIdentity;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.PeerServer;
import dev.moraine.wire.transport.ServerLimits;
import dev.moraine.wire.transport.Transport;
import dev.moraine.wire.transport.TransportKind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.CompositeAgent;

/** The reading half of every node of a committee, in this process, on one thread and one event loop of their own. */
final class NodesInMemory implements AutoCloseable {
    private static final int UNUSED_PORT = 9;

    /** Files of segments are written full of zeros when they are made. */
    private static final long SEGMENT_BYTES = 32L << 20;

    private final Committee committee;
    private final List<SliverStore> stores = new ArrayList<>();
    private final List<PeerServer> servers = new ArrayList<>();
    private final List<PeerConnection> peers = new ArrayList<>();
    private final Transport transport;
    private final Transport clients;
    private final AgentRunner runner;

    /**
     * Starts the nodes.
     *
     * @param folder where their stores go
     * @param shards how many, one shard each
     */
    NodesInMemory(Path folder, int shards) throws Exception {
        TransportKind kind = TransportKind.select("auto");
        transport = new Transport(kind, 1);
        clients = new Transport(kind, 1);
        committee = committee(shards);
        byte[] deploymentId = committee.deploymentId().toBytes();
        List<ReadAgent> agents = new ArrayList<>();
        for (int i = 0; i < shards; i++) {
            SliverStore store = SliverStore.open(new StoreContext()
                    .folder(folder.resolve("node-" + i))
                    .segmentBytes(SEGMENT_BYTES)
                    .deploymentId(committee.deploymentId()));
            stores.add(store);
            ReadAgent agent = new ReadAgent.Context()
                    .store(store)
                    .geometry(committee.geometry())
                    .currentEpoch(() -> 0)
                    .conclude();
            agents.add(agent);
            servers.add(transport.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    new NodeIdentity(deploymentId, i),
                    (from, message) -> agent.onRequest(from, (ClientMessage) message),
                    ServerLimits.defaults()));
            peers.add(clients.connect(servers.get(i).address(), deploymentId, i));
        }
        runner = new AgentRunner(
                new BackoffIdleStrategy(10, 10, 1_000, TimeUnit.MICROSECONDS.toNanos(50)),
                fault -> {
                    throw new IllegalStateException(fault);
                },
                null,
                new CompositeAgent(agents));
        AgentRunner.startOnThread(runner);
    }

    private static Committee committee(int shards) throws Exception {
        List<CommitteeMember> members = new ArrayList<>();
        for (int i = 0; i < shards; i++) {
            BlsSecretKey key = BlsSecretKey.generate(new SecureRandom());
            members.add(new CommitteeMember(
                    "node-" + i, "127.0.0.1", UNUSED_PORT, key.publicKey(), key.proofOfPossession(), i, 1));
        }
        return Committee.of(shards, 0, 3_600, 100, members);
    }

    /** Stores so many blobs, and gives their ids. */
    List<BlobId> hold(int blobs, int lengthBytes) throws Exception {
        Geometry geometry = committee.geometry();
        SampleBlobs sample = new SampleBlobs(geometry, lengthBytes, lengthBytes);
        List<BlobId> ids = new ArrayList<>();
        for (int i = 0; i < blobs; i++) {
            BlobId id = sample.commitment().id();
            for (int pair = 0; pair < geometry.shards(); pair++) {
                int member = committee.memberOfShard(ShardAssignment.shardOfPair(id, pair, geometry.shards()));
                stores.get(member).appendPair(sample.pair(pair));
            }
            ids.add(id);
            sample.next();
        }
        for (SliverStore store : stores) {
            store.force();
        }
        return ids;
    }

    Committee committee() {
        return committee;
    }

    List<PeerConnection> peers() {
        return peers;
    }

    /** Takes some nodes off the network for good. */
    void stop(int nodes) {
        for (int i = 0; i < nodes; i++) {
            servers.get(i).close();
        }
    }

    @Override
    public void close() {
        clients.close();
        transport.close();
        runner.close();
        stores.forEach(SliverStore::close);
    }
}
