package dev.moraine.node.devnet;

import dev.moraine.node.client.ClientSettings;
import dev.moraine.node.client.MoraineClient;
import dev.moraine.node.demo.LoopbackPorts;
import dev.moraine.node.genesis.GenesisFile;
import dev.moraine.node.genesis.NetworkFolder;
import dev.moraine.node.genesis.NetworkPlan;
import dev.moraine.proofs.certificate.BlsSecretKey;
import dev.moraine.proofs.certificate.KeyFile;
import dev.moraine.proofs.certificate.KeyFileException;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.sampling.read.BlobReader;
import dev.moraine.sampling.read.CommitteeReader;
import dev.moraine.sampling.read.Deadline;
import dev.moraine.sampling.read.ReadResult;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.Transport;
import dev.moraine.wire.transport.TransportKind;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Seven nodes and a gateway as processes, f = 2, and what a test needs in order to look at them from outside. */
final class ChaosNetwork implements AutoCloseable {
    static final int NODES = 7;
    static final int FAULTS = 2;
    static final Namespace NAMESPACE = Namespace.parse("chaos");

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);
    private static final List<String> NODE_SETTINGS = List.of(
            "warmUpMs=0", "storage.segmentBytes=8MiB", "storage.reserveBytes=16MiB", "limits.maxBundleBytes=64MiB",
            "limits.memoryBytes=96MiB", "limits.maxBlobBytes=1MiB");
    private static final List<String> GATEWAY_SETTINGS = List.of(
            "warmUpMs=0", "ingest.maxBlobBytes=1MiB", "ingest.maxBundleBytes=4MiB", "ingest.memoryBytes=128MiB");

    private final NetworkFolder files;
    private final Committee committee;
    private final Transport transport = new Transport(TransportKind.select("auto"), 1);
    private final List<PeerConnection> peers;
    private final BlobReader reader;
    private final Devnet devnet;

    ChaosNetwork(Path folder) throws Exception {
        files = NetworkFolder.create(
                folder.resolve("net"),
                new NetworkPlan(
                        NODES,
                        "127.0.0.1",
                        LoopbackPorts.free(NODES),
                        0,
                        0,
                        System.currentTimeMillis() / 1000,
                        3_600,
                        24,
                        Set.of(NAMESPACE),
                        1L << 40,
                        false));
        committee = GenesisFile.read(files.genesis());
        devnet = Devnet.start(
                files,
                committee,
                new ChildCommand("dev.moraine.node.cli.Main", NODE_SETTINGS, GATEWAY_SETTINGS),
                line -> System.out.println("unexpected: " + line));
        List<CommitteeMember> members = committee.members();
        peers = members.stream()
                .map(member -> transport.connect(
                        new InetSocketAddress(member.host(), member.port()),
                        committee.deploymentId().toBytes(),
                        members.indexOf(member)))
                .toList();
        reader = new BlobReader(new CommitteeReader.Context()
                .committee(committee)
                .peers(peers)
                .maxBlobBytes(1 << 20)
                .conclude());
    }

    Devnet devnet() {
        return devnet;
    }

    /** A client of the gateway that believes the committee alone. */
    MoraineClient newClient() throws DevnetException, InterruptedException {
        String http = devnet.ready(Devnet.GATEWAY).path("http").asText();
        return MoraineClient.open(ClientSettings.of(http, committee));
    }

    Committee committee() {
        return committee;
    }

    Transport transport() {
        return transport;
    }

    BlsSecretKey keyOf(int node) throws KeyFileException {
        return KeyFile.readBls(files.path().resolve("node-" + node).resolve("node.key"));
    }

    /** Reads a batch from the nodes, whoever they are now, and checks every byte against its id. */
    byte[] read(ChaosLoad.Acknowledged batch) throws InterruptedException {
        try (ReadResult result = reader.read(
                batch.certificate().entry().blobId(),
                Deadline.after(System::nanoTime, READ_TIMEOUT))) {
            if (result instanceof ReadResult.Read found) {
                return found.bytes().toArray(ValueLayout.JAVA_BYTE);
            }
            throw new AssertionError("an acknowledged batch is not readable: " + result);
        }
    }

    @Override
    public void close() {
        peers.forEach(PeerConnection::close);
        transport.close();
        devnet.close();
    }
}
