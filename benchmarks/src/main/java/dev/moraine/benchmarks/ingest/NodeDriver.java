package dev.moraine.benchmarks.ingest;

import dev.moraine.node.genesis.GenesisFile;
import dev.moraine.node.storagenode.StorageNode;
import dev.moraine.node.storagenode.WriterGrant;
import dev.moraine.proofs.certificate.KeyFile;
import dev.moraine.proofs.certificate.WriterPublicKey;
import dev.moraine.wire.transport.Transport;
import dev.moraine.wire.transport.TransportKind;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** One storage node as a process. It prints the port that it listens at and ends with its standard input. */
final class NodeDriver {
    private static final long QUOTA_BYTES = 1L << 44;

    private NodeDriver() {}

    /**
     * Runs the node.
     *
     * @param arguments the folder of the network, and the node's index
     * @throws Exception if it does not start
     */
    public static void main(String[] arguments) throws Exception {
        Path network = Path.of(arguments[0]);
        int index = Integer.parseInt(arguments[1]);
        WriterPublicKey writer = KeyFile.readWriter(BenchNetwork.writerKey(network)).publicKey();
        try (Transport transport = new Transport(TransportKind.select("auto"), 1);
                StorageNode node = StorageNode.open(new StorageNode.Context()
                        .committee(GenesisFile.read(BenchNetwork.genesis(network)))
                        .memberIndex(index)
                        .secretKey(KeyFile.readBls(BenchNetwork.nodeKey(network, index)))
                        .folder(network.resolve("data-" + index))
                        .bindAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .transport(transport)
                        .writers(List.of(new WriterGrant(writer, Set.of(BenchNetwork.NAMESPACE), QUOTA_BYTES))))) {
            PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            out.println(node.address().getPort());
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }
}
