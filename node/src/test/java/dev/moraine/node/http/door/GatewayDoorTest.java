package dev.moraine.node.http.door;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moraine.node.gateway.RunningCommittee;
import dev.moraine.node.genesis.GenesisFile;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.testing.Seed;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayDoorTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String POST = "/v1/blobs?namespace=granted&retain=3";
    private static final String UNKNOWN = "00".repeat(32);

    private final Random random = Seed.random("GatewayDoorTest");

    @TempDir
    private Path folder;

    private DoorFixture door;

    @BeforeEach
    void start() throws Exception {
        door = new DoorFixture(folder);
    }

    @AfterEach
    void stop() {
        door.close();
    }

    private byte[] batch(int length) {
        byte[] batch = new byte[length];
        random.nextBytes(batch);
        return batch;
    }

    private static JsonNode json(HttpResponse<byte[]> answer) throws Exception {
        return MAPPER.readTree(answer.body());
    }

    private void assertProblem(HttpResponse<byte[]> answer, int status, String code) throws Exception {
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        assertEquals(status, answer.statusCode(), text);
        assertEquals(code, json(answer).at("/error/code").asText(), text);
    }

    @Test
    void aBatchComesBackWithACertificateThatVerifies() throws Exception {
        byte[] batch = batch(300_000);
        HttpResponse<byte[]> posted = door.send("PUT", door.uri(POST), batch);
        assertEquals(200, posted.statusCode(), () -> new String(posted.body(), StandardCharsets.UTF_8));
        JsonNode facts = json(posted);
        String id = facts.get("id").asText();
        assertEquals(RunningCommittee.EPOCH + 3, facts.get("expiryEpoch").asLong());
        byte[] encoded = HexFormat.of().parseHex(facts.get("certificate").asText());
        assertEquals(CertificateVerdict.ACCEPT, BlobCertificate.verify(encoded, door.nodes.committee()));
        assertEquals(
                BlobId.parse(id),
                BlobCertificate.decode(encoded, RunningCommittee.NODES).entry().blobId());

        HttpResponse<byte[]> again =
                door.send("PUT", door.uri(POST), batch, "Accept", "application/octet-stream");
        assertArrayEquals(encoded, again.body(), "the same batch has the same certificate");

        HttpResponse<byte[]> read = door.get(door.uri("/v1/blobs/" + id));
        assertArrayEquals(batch, read.body());
        assertEquals("\"" + id + "\"", read.headers().firstValue("etag").orElse(""));
        assertEquals(304, door.get(door.uri("/v1/blobs/" + id), "If-None-Match", "\"" + id + "\"").statusCode());
        HttpResponse<byte[]> head = door.send("HEAD", door.uri("/v1/blobs/" + id), new byte[0]);
        assertEquals("300000", head.headers().firstValue("content-length").orElse(""));

        byte[] kept = door.get(door.uri("/v1/blobs/" + id + "/certificate")).body();
        assertEquals(CertificateVerdict.ACCEPT, BlobCertificate.verify(kept, door.nodes.committee()));
        JsonNode status = json(door.get(door.uri("/v1/blobs/" + id + "/status")));
        assertEquals("CERTIFIED", status.get("status").asText());
    }

    @Test
    void rangesOfABlobAreParts() throws Exception {
        byte[] batch = batch(10_000);
        String id = json(door.send("PUT", door.uri(POST), batch)).get("id").asText();
        assertRange(id, batch, "bytes=0-0", 0, 1);
        assertRange(id, batch, "bytes=9000-", 9000, 10_000);
        assertRange(id, batch, "bytes=9999-20000", 9999, 10_000);
        assertRange(id, batch, "bytes=-1", 9999, 10_000);
        assertRange(id, batch, "bytes=-20000", 0, 10_000);
        for (String whole : new String[] {"bytes=5-3", "bytes=0-1,4-5", "rows=0-1", "bytes=-", "bytes=a-b"}) {
            HttpResponse<byte[]> answer = door.get(door.uri("/v1/blobs/" + id), "Range", whole);
            assertEquals(200, answer.statusCode(), whole);
            assertArrayEquals(batch, answer.body());
        }
        for (String beyond : new String[] {"bytes=10000-", "bytes=10000-10001", "bytes=-0"}) {
            assertProblem(door.get(door.uri("/v1/blobs/" + id), "Range", beyond), 416, "RANGE_BEYOND_END");
        }
    }

    private void assertRange(String id, byte[] batch, String range, int from, int to) throws Exception {
        HttpResponse<byte[]> answer = door.get(door.uri("/v1/blobs/" + id), "Range", range);
        assertEquals(206, answer.statusCode(), range);
        assertArrayEquals(Arrays.copyOfRange(batch, from, to), answer.body(), range);
        assertEquals(
                "bytes " + from + "-" + (to - 1) + "/" + batch.length,
                answer.headers().firstValue("content-range").orElse(""));
    }

    @Test
    void wrongPostsAreRefusedByName() throws Exception {
        byte[] batch = batch(100);
        String[][] wrong = {
            {"?retain=1", "namespace", "INVALID_PARAMETER"},
            {"?namespace=a%20b&retain=1", "namespace", "INVALID_PARAMETER"},
            {"?namespace=granted", "retain, expiry", "INVALID_PARAMETER"},
            {"?namespace=granted&retain=1&expiry=101", "retain, expiry", "INVALID_PARAMETER"},
            {"?namespace=granted&retain=0", "retain", "INVALID_PARAMETER"},
            {"?namespace=granted&retain=11", "retain", "INVALID_PARAMETER"},
            {"?namespace=granted&retain=x", "retain", "INVALID_PARAMETER"},
            {"?namespace=granted&expiry=99", "expiry", "INVALID_PARAMETER"},
            {"?namespace=granted&expiry=111", "expiry", "INVALID_PARAMETER"},
            {"?namespace=granted&retian=1", "query parameter", "UNKNOWN_PARAMETER"},
        };
        for (String[] row : wrong) {
            HttpResponse<byte[]> answer = door.send("PUT", door.uri("/v1/blobs" + row[0]), batch);
            assertProblem(answer, 400, row[2]);
            assertEquals(row[1], json(answer).at("/error/field").asText(), row[0]);
        }
        assertProblem(door.send("PUT", door.uri(POST), new byte[0]), 400, "EMPTY");
        assertProblem(door.send("PUT", door.uri(POST), batch(DoorFixture.MAX_BLOB_BYTES + 1)), 413, "BODY_TOO_LARGE");
        assertEquals(200, door.send("PUT", door.uri(POST), batch(DoorFixture.MAX_BLOB_BYTES)).statusCode());
        assertProblem(
                door.send("PUT", door.uri("/v1/blobs?namespace=foreign&retain=1"), batch), 403, "NAMESPACE_NOT_GRANTED");
        for (String path : new String[] {"/v1/blobs/xyz", "/v1/blobs/" + "A".repeat(64)}) {
            assertProblem(door.get(door.uri(path)), 400, "INVALID_ID");
        }
    }

    @Test
    void onlyADefiniteMissIsNotFound() throws Exception {
        assertProblem(door.get(door.uri("/v1/blobs/" + UNKNOWN)), 404, "NOT_FOUND");
        assertProblem(door.get(door.uri("/v1/blobs/" + UNKNOWN + "/certificate")), 404, "NOT_FOUND");
        assertEquals(
                "UNKNOWN",
                json(door.get(door.uri("/v1/blobs/" + UNKNOWN + "/status"))).get("status").asText());
        String id = json(door.send("PUT", door.uri(POST), batch(1000))).get("id").asText();
        String unread = json(door.send("PUT", door.uri(POST), batch(1000))).get("id").asText();

        door.nodes.stop(2);
        assertEquals(200, door.get(door.uri("/v1/blobs/" + id)).statusCode(), "f nodes may be gone");
        assertProblem(door.get(door.uri("/v1/blobs/" + UNKNOWN)), 404, "NOT_FOUND");
        door.nodes.stop(5);
        HttpResponse<byte[]> unsure = door.get(door.uri("/v1/blobs/" + UNKNOWN));
        assertProblem(unsure, 503, "UNAVAILABLE");
        assertTrue(unsure.headers().firstValue("retry-after").isPresent());
        assertProblem(door.get(door.uri("/v1/blobs/" + unread)), 503, "UNAVAILABLE");
        assertEquals(200, door.get(door.uri("/v1/blobs/" + id)).statusCode(), "what was read is kept");
        assertEquals(
                "CERTIFIED",
                json(door.get(door.uri("/v1/blobs/" + id + "/status"))).get("status").asText(),
                "the gateway knows what it handed out");
        assertEquals(200, door.get(door.uri("/v1/blobs/" + id + "/certificate")).statusCode());
        HttpResponse<byte[]> refused = door.send("PUT", door.uri(POST), batch(1000));
        assertProblem(refused, 503, "QUORUM_UNREACHABLE");
        assertTrue(refused.headers().firstValue("retry-after").isPresent());
        assertEquals(404, door.get(door.uri("/elsewhere")).statusCode());
    }

    @Test
    void healthGenesisAndMeasurementsAreServed() throws Exception {
        assertEquals(200, door.send("PUT", door.uri(POST), batch(1000)).statusCode());
        JsonNode health = json(door.get(door.uri("/v1/health")));
        assertEquals("OK", health.get("status").asText());
        assertEquals(RunningCommittee.EPOCH, health.get("epoch").asLong());
        assertEquals(
                door.nodes.committee().deploymentId(),
                GenesisFile.parse(door.get(door.uri("/v1/genesis")).body()).deploymentId());

        HttpResponse<byte[]> scraped = door.get(door.uri("/metrics"));
        assertEquals(
                "text/plain; version=0.0.4; charset=utf-8",
                scraped.headers().firstValue("content-type").orElse(""));
        String text = new String(scraped.body(), StandardCharsets.UTF_8);
        assertTrue(text.contains("\nmoraine_ingest_batches_certified_total 1\n"), text);
        assertTrue(text.contains("\nmoraine_http_answers_total{door=\"gateway\",status=\"200\"} 3\n"), text);
        assertWellFormed(text);
    }

    private static void assertWellFormed(String text) {
        Set<String> typed = new HashSet<>();
        Set<String> series = new HashSet<>();
        for (String line : text.lines().toList()) {
            if (line.startsWith("# TYPE ")) {
                assertTrue(typed.add(line.split(" ", 4)[2]), line);
            } else if (!line.startsWith("# HELP ")) {
                assertTrue(line.matches("[a-z_0-9]+(\\{([a-z]+=\"[^\"]*\",?)+})? -?[0-9]+"), line);
                assertTrue(typed.contains(line.split("[{ ]", 2)[0]), line);
                assertTrue(series.add(line.substring(0, line.lastIndexOf(' '))), line);
            }
        }
        assertTrue(series.size() > 50);
    }
}
