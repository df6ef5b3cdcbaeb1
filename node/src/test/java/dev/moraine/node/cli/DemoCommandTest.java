package dev.moraine.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moraine.codec.Geometry;
import dev.moraine.testing.Seed;
import dev.moraine.testing.SharedData;
import dev.moraine.wire.transport.TransportKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DemoCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void everyStepVerifiesOnEveryTransport(TransportKind kind) throws IOException {
        Assumptions.assumeTrue(kind.isAvailable(), () -> "skipped: " + kind + " is not available on this machine");
        JsonNode report = demo("--transport", kind.optionName());
        assertEquals(kind.optionName(), report.get("transport").asText());
        assertEquals(3, report.get("blobs").size());
        assertVerified(report, new Geometry(7));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 10, 31})
    void everyStepVerifiesForSmallAndLargeCommittees(int shards) throws IOException {
        Path tiny = Files.write(folder.resolve("tiny"), new byte[] {42});
        Path random = Files.write(
                folder.resolve("random"),
                Seed.bytes(Seed.random("DemoCommandTest.everyStepVerifiesForSmallAndLargeCommittees"), 70_001));
        JsonNode report = demo("--shards", shards, tiny, random, tiny);
        assertVerified(report, new Geometry(shards));
        assertEquals(
                List.of("tiny", "random", "tiny"),
                report.get("blobs").findValues("name").stream()
                        .map(JsonNode::asText)
                        .toList());
    }

    @Test
    void idsOfRealBatchesAreTheOnesOfTheOfflineCommand() throws IOException {
        Path file = SharedData.require("data/rollup/op-span-batch.bin");
        JsonNode report = demo(file);
        String id = Invocation.of("id", file, "--shards", 7).succeeded().out();
        assertTrue(id.startsWith(report.get("blobs").get(0).get("blobId").asText()));
        assertVerified(report, new Geometry(7));
    }

    @Test
    void aNamedFolderKeepsKeysThatOnlyTheirOwnerCanRead() throws IOException {
        Path kept = folder.resolve("kept");
        Path tiny = Files.write(folder.resolve("tiny"), new byte[] {42});
        Invocation.of("demo", "--shards", 4, "--dir", kept, tiny).succeeded();
        assertTrue(Files.exists(kept.resolve("genesis.json")));
        List<Path> keys = new ArrayList<>(List.of(kept.resolve("writer.key")));
        for (int node = 0; node < 4; node++) {
            keys.add(kept.resolve("node-" + node).resolve("node.key"));
        }
        for (Path key : keys) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        }
        Invocation.of("demo", "--shards", 4, "--dir", kept, tiny).failed(1, kept, "not empty");
    }

    @Test
    void aPortThatIsTakenIsNamedAndNothingIsLeft() throws IOException {
        Path kept = folder.resolve("kept");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            Invocation.of("demo", "--shards", 4, "--port", port, "--dir", kept).failed(1, "node-0", port, "in use");
        }
        assertFalse(Files.exists(kept));
    }

    @Test
    void badInputIsRefusedBeforeAnythingStarts() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty"));
        Path tiny = Files.write(folder.resolve("tiny"), new byte[3]);
        Invocation.of("demo", empty).failed(1, empty, "empty");
        Invocation.of("demo", tiny, folder.resolve("missing")).failed(1, "missing");
        Invocation.of("demo", tiny, "--max-bytes", 2).failed(1, tiny, "limit is 2");
        Invocation.of("demo", tiny, "--shards", 3).failed(2, "--shards", 3);
        Invocation.of("demo", tiny, "--shards", 193).failed(2, "--shards", 193);
        Invocation.of("demo", tiny, "--port", 65_530).failed(2, "--port", 65_530);
        Invocation.of("demo", tiny, "--port", -1).failed(2, "--port", -1);
        Invocation.of("demo", tiny, "--transport", "pigeon").failed(2, "pigeon", "io_uring");
        Invocation.of("demo", tiny, "--dir", "/proc/moraine").failed(1, "/proc/moraine");
        Invocation.of("demo", tiny, "--dir", tiny).failed(1, tiny);
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(2, left.count());
        }
    }

    private static JsonNode demo(Object... arguments) throws IOException {
        List<Object> words = new ArrayList<>(List.of("demo", "--json"));
        words.addAll(List.of(arguments));
        return JSON.readTree(Invocation.of(words.toArray()).succeeded().out());
    }

    private static void assertVerified(JsonNode report, Geometry geometry) {
        assertTrue(report.get("verified").asBoolean());
        for (JsonNode blob : report.get("blobs")) {
            assertEquals(geometry.shards(), blob.get("shards").asInt());
            assertTrue(blob.get("certificate").get("valid").asBoolean());
            assertTrue(blob.get("certificate").get("weight").asInt() >= geometry.quorum());
            assertEquals(
                    blob.get("certificate").get("weight").asInt(),
                    blob.get("certificate").get("signers").size());
            assertTrue(blob.get("timeToCertificateMs").asDouble() > 0);
            int samples = Math.min(30, geometry.shards() * geometry.shards());
            assertEquals(samples, blob.get("samples").get("taken").asInt());
            assertEquals(samples, blob.get("samples").get("verified").asInt());
            assertTrue(blob.get("samples").get("confidence").asDouble() > 0.999);
            assertEquals(
                    geometry.faultTolerance(), blob.get("readBack").get("nodesDown").asInt());
            assertTrue(blob.get("readBack").get("identical").asBoolean());
            assertTrue(blob.get("corruption").get("detected").asBoolean());
            assertTrue(blob.get("corruption").get("identical").asBoolean());
            assertTrue(blob.get("range").get("valid").asBoolean());
            assertEquals(
                    Math.min(200, blob.get("lengthBytes").asLong()),
                    blob.get("range").get("lengthBytes").asLong());
        }
    }
}
