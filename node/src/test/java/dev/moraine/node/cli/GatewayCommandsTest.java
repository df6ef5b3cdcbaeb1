package dev.moraine.node.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moraine.codec.Geometry;
import dev.moraine.node.demo.EmbeddedCommittee;
import dev.moraine.node.demo.LoopbackPorts;
import dev.moraine.node.gateway.Gateway;
import dev.moraine.node.http.door.GatewayDoorSettings;
import dev.moraine.node.http.door.GatewayDoors;
import dev.moraine.testing.Seed;
import dev.moraine.wire.transport.TransportKind;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayCommandsTest {
    private static final int MAX_BLOB_BYTES = 1 << 20;

    @TempDir
    private Path folder;

    private Path network;
    private EmbeddedCommittee nodes;
    private Gateway gateway;
    private GatewayDoors doors;
    private String url;

    @BeforeEach
    void start() throws Exception {
        network = Files.createDirectory(folder.resolve("network"));
        nodes = EmbeddedCommittee.start(
                network, new Geometry(4), LoopbackPorts.free(4), TransportKind.select("auto"), MAX_BLOB_BYTES);
        gateway = nodes.openGateway();
        doors = GatewayDoors.open(
                gateway, nodes.committee(), new GatewayDoorSettings().maxBlobBytes(MAX_BLOB_BYTES));
        url = "http://127.0.0.1:" + doors.address().getPort();
    }

    @AfterEach
    void stop() {
        doors.close();
        gateway.close();
        nodes.close();
    }

    @Test
    void aFileIsPostedVerifiedAndReadBack() throws Exception {
        byte[] content = Seed.bytes(Seed.random("GatewayCommandsTest"), 100_000);
        Path file = Files.write(folder.resolve("batch"), content);
        Path certificate = folder.resolve("batch.cert");
        Path genesis = network.resolve("genesis.json");
        Invocation posted = Invocation.of(
                        "post", file, "--namespace", "mine", "--retain", 2, "--gateway", url, "--genesis", genesis,
                        "--certificate-out", certificate, "--json")
                .succeeded();
        JsonNode facts = new ObjectMapper().readTree(posted.out());
        String id = facts.get("id").asText();
        assertEquals(100_000, facts.get("lengthBytes").asLong());
        assertTrue(facts.get("signers").size() >= 3);
        Invocation.of("verify", "--genesis", genesis, "certificate", certificate, "--id", id).succeeded();

        Invocation again = Invocation.of("post", file, "--namespace", "mine", "--retain", 2, "--gateway", url)
                .succeeded();
        assertEquals(id + "  " + file, again.out().strip());

        Path throughGateway = folder.resolve("one");
        Invocation.of("get", id, "--gateway", url, "--out", throughGateway).succeeded();
        assertArrayEquals(content, Files.readAllBytes(throughGateway));
        Invocation.of("get", id, "--gateway", url, "--out", throughGateway).failed(1, throughGateway, "exists");
        Path direct = folder.resolve("two");
        Invocation.of("get", id, "--genesis", genesis, "--out", direct, "--json").succeeded();
        assertArrayEquals(content, Files.readAllBytes(direct));

        Invocation status = Invocation.of("status", id, "--gateway", url).succeeded();
        assertTrue(status.out().startsWith("CERTIFIED  " + id + "  expires after epoch "), status.out());
        String unknown = "00".repeat(32);
        assertEquals(
                "UNKNOWN  " + unknown,
                Invocation.of("status", unknown, "--gateway", url).succeeded().out().strip());
        Invocation.of("get", unknown, "--gateway", url, "--out", folder.resolve("three")).failed(1, unknown);
        Invocation.of("get", unknown, "--genesis", genesis, "--out", folder.resolve("three")).failed(1, unknown);
    }

    @Test
    void wrongUsageIsNamed() throws Exception {
        Path file = Files.write(folder.resolve("batch"), new byte[10]);
        Invocation.of("post", file, "--retain", 1).failed(2, "--namespace");
        Invocation.of("post", file, "--namespace", "a b", "--retain", 1).failed(2, "--namespace");
        Invocation.of("post", file, "--namespace", "a", "--retain", 0).failed(2, "--retain");
        Invocation.of("post", file, "--namespace", "a", "--retain", 1, "--gateway", "x:1").failed(2, "--gateway", "x:1");
        Invocation.of("post", file, "--namespace", "a", "--retain", 1, "--timeout", 0).failed(2, "--timeout", "0");
        Invocation.of("get", "xyz").failed(2, "ID");
        Invocation.of("status", "xyz").failed(2, "ID");
        Invocation.of("get", "00".repeat(32), "--json").failed(2, "--out");
        Invocation.of("post", file, "--namespace", "a", "--retain", 9_999_999, "--gateway", url).failed(1, "retain");
        Invocation.of("status", "00".repeat(32), "--gateway", "http://127.0.0.1:1", "--timeout", 1)
                .failed(1, "127.0.0.1:1");
    }

    @Test
    void aCertificateOfAnotherDeploymentIsRejected() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        EmbeddedCommittee.start(
                        elsewhere, new Geometry(4), LoopbackPorts.free(4), TransportKind.select("auto"), MAX_BLOB_BYTES)
                .close();
        Path file = Files.write(folder.resolve("batch"), new byte[10]);
        Invocation.of(
                        "post", file, "--namespace", "a", "--retain", 1, "--gateway", url, "--genesis",
                        elsewhere.resolve("genesis.json"))
                .failed(3, "does not verify");
    }
}
