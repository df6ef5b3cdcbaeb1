package dev.moraine.node.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.node.config.Configuration;
import dev.moraine.node.config.NodeKeys;
import dev.moraine.node.demo.LoopbackPorts;
import dev.moraine.node.genesis.GenesisFile;
import dev.moraine.node.genesis.NetworkFolder;
import dev.moraine.node.genesis.NetworkPlan;
import dev.moraine.wire.message.GetHealth;
import dev.moraine.wire.message.HealthAnswer;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.transport.ClientSecurity;
import dev.moraine.wire.transport.ConnectionLimits;
import dev.moraine.wire.transport.RequestFailure;
import dev.moraine.wire.transport.ResponseHandler;
import dev.moraine.wire.transport.TlsIdentity;
import dev.moraine.wire.transport.Transport;
import dev.moraine.wire.transport.TransportKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes are known by the certificates that the genesis file names, and by no others. */
class TlsProcessTest {
    private static final int NODES = 4;

    @TempDir
    private static Path folder;

    private static NetworkFolder network;
    private static GenesisFile.Content genesis;

    @BeforeAll
    static void create() throws Exception {
        NetworkPlan plan = new NetworkPlan(
                NODES, "127.0.0.1", LoopbackPorts.free(NODES), 0, 0, 1_700_000_000, 3_600, 24, null, 1 << 30, true);
        network = NetworkFolder.create(folder.resolve("net"), plan);
        genesis = GenesisFile.readContent(network.genesis());
    }

    @Test
    void nodesTalkToWhomTheyAreToldTo() throws Exception {
        assertEquals(NODES, genesis.tlsPins().size());
        TlsIdentity gateway = identity("gateway");
        try (NodeProcess node = NodeProcess.start(node(0, "tls.clients=[\"" + gateway.pin() + "\"]"), () -> false);
                Transport transport = new Transport(TransportKind.NIO, 1)) {
            assertInstanceOf(
                    HealthAnswer.class, ask(transport, node, ClientSecurity.tls(genesis.tlsPins().get(0), gateway)));
            assertInstanceOf(
                    HealthAnswer.class,
                    ask(transport, node, ClientSecurity.tls(genesis.tlsPins().get(0), identity("node-3"))));
            assertInstanceOf(
                    RequestFailure.class, ask(transport, node, ClientSecurity.tls(genesis.tlsPins().get(0), null)));
            assertInstanceOf(
                    RequestFailure.class,
                    ask(transport, node, ClientSecurity.tls(genesis.tlsPins().get(1), gateway)));
            assertInstanceOf(RequestFailure.class, ask(transport, node, ClientSecurity.plaintext()));
        }
    }

    @Test
    void anotherCertificateThanTheGenesisFileNamesIsRefused() {
        Path other = network.nodeConfig(1).resolveSibling("tls.crt");
        Path otherKey = network.nodeConfig(1).resolveSibling("tls.key");
        assertProblem(
                "but the genesis file has " + genesis.tlsPins().get(0),
                "tls.certificate=" + other.toAbsolutePath(),
                "tls.key=" + otherKey.toAbsolutePath());
        assertProblem("not the key of the certificate", "tls.key=" + otherKey.toAbsolutePath());
        assertProblem("cannot be read", "tls.key=absent");
    }

    private static void assertProblem(String expected, String... settings) {
        ProcessException problem =
                assertThrows(ProcessException.class, () -> NodeProcess.start(node(0, settings), () -> true).close());
        String message = String.valueOf(problem.getMessage());
        assertTrue(message.contains(expected), message);
        assertEquals(1, message.lines().count());
    }

    private static Configuration node(int index, String... settings) throws Exception {
        List<String> all = new ArrayList<>(List.of("warmUpMs=0", "storage.segmentBytes=1MiB"));
        all.addAll(List.of(settings));
        return Configuration.read(NodeKeys.SCHEMA, network.nodeConfig(index), all);
    }

    private static TlsIdentity identity(String process) throws Exception {
        Path own = folder.resolve("net").resolve(process);
        return TlsIdentity.load(own.resolve("tls.crt"), own.resolve("tls.key"));
    }

    private static Object ask(Transport transport, NodeProcess node, ClientSecurity security) throws Exception {
        CompletableFuture<Object> end = new CompletableFuture<>();
        transport
                .connect(
                        node.address(),
                        genesis.committee().deploymentId().toBytes(),
                        0,
                        ConnectionLimits.defaults(),
                        security)
                .request(
                        GetHealth::new,
                        new ResponseHandler() {
                            @Override
                            public boolean onMessage(Message message) {
                                end.complete(message);
                                return true;
                            }

                            @Override
                            public void onFailure(RequestFailure reason) {
                                end.complete(reason);
                            }
                        },
                        TimeUnit.SECONDS.toNanos(30));
        return end.get(60, TimeUnit.SECONDS);
    }
}
