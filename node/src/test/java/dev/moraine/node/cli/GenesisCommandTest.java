package dev.moraine.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.node.config.Configuration;
import dev.moraine.node.config.GatewayKeys;
import dev.moraine.node.config.NodeKeys;
import dev.moraine.node.config.SharedKeys;
import dev.moraine.node.genesis.GenesisFile;
import dev.moraine.node.storagenode.WriterGrant;
import dev.moraine.proofs.certificate.KeyFile;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.committee.Committee;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenesisCommandTest {
    @TempDir
    private Path folder;

    @Test
    void everyProcessOfANewNetworkHasItsKeyAndConfiguration() throws Exception {
        Path net = folder.resolve("net");
        Invocation.of(
                        "genesis", "init", "--nodes", 5, "--shards", 16, "--dir", net, "--base-port", 20_000,
                        "--namespace", "rollup", "--quota-gib", 3)
                .succeeded();
        Committee committee = GenesisFile.read(net.resolve("genesis.json"));
        assertEquals(16, committee.geometry().shards());
        Configuration gateway = Configuration.read(GatewayKeys.SCHEMA, net.resolve("gateway/gateway.yaml"), List.of());
        WriterGrant grant = new WriterGrant(
                KeyFile.readWriter(gateway.path(SharedKeys.KEY)).publicKey(),
                Set.of(Namespace.parse("rollup")),
                3L << 30);
        for (int node = 0; node < 5; node++) {
            Configuration own =
                    Configuration.read(NodeKeys.SCHEMA, net.resolve("node-" + node + "/node.yaml"), List.of());
            assertEquals(
                    node,
                    committee
                            .memberWithKey(KeyFile.readBls(own.path(SharedKeys.KEY)).publicKey())
                            .orElseThrow());
            assertEquals(20_000 + node, committee.members().get(node).port());
            assertEquals(List.of(grant), own.get(NodeKeys.WRITERS));
            assertEquals(net.toRealPath().resolve("genesis.json"), own.path(SharedKeys.GENESIS).toRealPath());
            assertEquals(
                    PosixFilePermissions.fromString("rw-------"),
                    Files.getPosixFilePermissions(own.path(SharedKeys.KEY)));
        }
        assertEquals(
                PosixFilePermissions.fromString("rw-------"),
                Files.getPosixFilePermissions(gateway.path(SharedKeys.KEY)));
        assertEquals(8480, gateway.get(GatewayKeys.HTTP_ADDRESS).getPort());
        assertEquals(Namespace.parse("rollup"), gateway.get(GatewayKeys.ALT_DA_NAMESPACE));
    }

    @Test
    void aNetworkIsNeverOverwritten() throws Exception {
        Path net = folder.resolve("net");
        Invocation.of("genesis", "init", "--nodes", 4, "--dir", net).succeeded();
        byte[] genesis = Files.readAllBytes(net.resolve("genesis.json"));
        Invocation.of("genesis", "init", "--nodes", 4, "--dir", net).failed(1, net, "never overwritten");
        assertEquals(-1, Arrays.mismatch(genesis, Files.readAllBytes(net.resolve("genesis.json"))));
        try (var left = Files.list(folder)) {
            assertEquals(List.of(net), left.toList());
        }
    }

    @Test
    void freePortsAreDistinct() throws Exception {
        Path net = folder.resolve("net");
        Invocation.of("genesis", "init", "--nodes", 4, "--dir", net, "--json").succeeded();
        assertEquals(
                4,
                GenesisFile.read(net.resolve("genesis.json")).members().stream()
                        .map(member -> member.port())
                        .distinct()
                        .count());
    }

    @Test
    void whatGivesNoCommitteeIsWrongUsage() {
        Path net = folder.resolve("net");
        Invocation.of("genesis", "init", "--nodes", 3, "--dir", net).failed(2, "--nodes", 4, 192, 3);
        Invocation.of("genesis", "init", "--nodes", 193, "--dir", net).failed(2, "--nodes", 4, 192, 193);
        Invocation.of("genesis", "init", "--nodes", 7, "--shards", 6, "--dir", net).failed(2, "--shards", 7, 6);
        Invocation.of("genesis", "init", "--nodes", 4, "--shards", 6, "--dir", net).failed(2, "--shards", "f = 1");
        Invocation.of("genesis", "init", "--base-port", 65_530, "--dir", net).failed(2, "--base-port", 65_529);
        Invocation.of("genesis", "init", "--namespace", "two words", "--dir", net).failed(2, "--namespace");
        Invocation.of("genesis", "init", "--dir", folder.resolve("no/net")).failed(1, "no folder");
        assertFalse(Files.exists(net));
    }

    @Test
    void aConfigurationIsShownWithACommentForEveryKey() throws Exception {
        String node = Invocation.of("config", "show", "--kind", "node").succeeded().out();
        assertTrue(node.contains("# Longest blob that is stored. (from 1 to 4GiB)\n  maxBlobBytes: 64MiB  # default"));
        Path net = folder.resolve("net");
        Invocation.of("genesis", "init", "--nodes", 4, "--dir", net).succeeded();
        Path config = net.resolve("gateway/gateway.yaml");
        String gateway = Invocation.of("config", "show", "--config", config).succeeded().out();
        Path shown = Files.writeString(net.resolve("gateway/shown.yaml"), gateway);
        assertEquals(
                Invocation.of("config", "show", "--config", config, "--json").succeeded().out(),
                Invocation.of("config", "show", "--kind", "gateway", "--config", shown, "--json")
                        .succeeded()
                        .out());
        Invocation.of("config", "show", "--kind", "wallet").failed(2, "node or gateway", "wallet");
        Invocation.of("config", "show", "--config", folder.resolve("none")).failed(1, "none", "no such file");
    }
}
