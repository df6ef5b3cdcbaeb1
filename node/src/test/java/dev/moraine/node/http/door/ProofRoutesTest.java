package dev.moraine.node.http.door;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.ByteRangeProof;
import dev.moraine.proofs.proof.ProofVerdict;
import dev.moraine.proofs.proof.SymbolProof;
import dev.moraine.testing.Seed;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProofRoutesTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int LENGTH_BYTES = 40_000;

    @TempDir
    private Path folder;

    @Test
    void rangesAndSymbolsComeWithProofsThatVerify() throws Exception {
        try (DoorFixture door = new DoorFixture(folder)) {
            byte[] batch = Seed.bytes(Seed.random("ProofRoutesTest"), LENGTH_BYTES);
            HttpResponse<byte[]> posted =
                    door.send("PUT", door.uri("/v1/blobs?namespace=granted&retain=3"), batch);
            String id = MAPPER.readTree(posted.body()).get("id").asText();
            Geometry geometry = door.nodes.committee().geometry();

            HttpResponse<byte[]> range = get(door, id, "/proof?offset=30000&length=5000");
            assertEquals(200, range.statusCode());
            assertEquals("true", range.headers().firstValue("moraine-unchecked").orElse(""));
            ByteRangeProof proof = Objects.requireNonNull(ByteRangeProof.decode(range.body(), geometry));
            assertEquals(ProofVerdict.ACCEPT, proof.verify(geometry, BlobId.parse(id), 30_000, 5_000));
            assertArrayEquals(Arrays.copyOfRange(batch, 30_000, 35_000), proof.bytes());

            HttpResponse<byte[]> symbol = get(door, id, "/symbols/6/2");
            assertEquals(200, symbol.statusCode());
            BlobHeader header = BlobHeader.decode(HexFormat.of()
                    .parseHex(symbol.headers().firstValue("moraine-header").orElseThrow()));
            Axis axis = Axis.valueOf(
                    symbol.headers().firstValue("moraine-axis").orElseThrow().toUpperCase(Locale.ROOT));
            SymbolProof symbolProof =
                    Objects.requireNonNull(SymbolProof.decode(symbol.body(), header, 6, 2, axis));
            assertEquals(ProofVerdict.ACCEPT, symbolProof.verify(header, BlobId.parse(id), 6, 2, axis));

            assertProblem(400, "MISSING", "offset", get(door, id, "/proof?length=5"));
            assertProblem(400, "RANGE_OUT_OF_BOUNDS", "40000", get(door, id, "/proof?offset=39999&length=2"));
            assertProblem(400, "OUT_OF_RANGE", "row", get(door, id, "/symbols/7/0"));
            assertProblem(400, "OUT_OF_RANGE", "column", get(door, id, "/symbols/0/x"));
            assertProblem(400, "WRONG_ID", "id", get(door, "xyz", "/symbols/0/0"));
            assertProblem(503, "UNAVAILABLE", "metadata", get(door, "00".repeat(32), "/symbols/0/0"));
        }
    }

    private static HttpResponse<byte[]> get(DoorFixture door, String id, String rest) throws Exception {
        return door.get(door.uri("/v1/blobs/" + id + rest));
    }

    private static void assertProblem(int status, String code, String named, HttpResponse<byte[]> answer)
            throws Exception {
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        assertEquals(status, answer.statusCode(), text);
        JsonNode problem = MAPPER.readTree(answer.body());
        assertEquals(code, problem.at("/error/code").asText(), text);
        assertTrue(text.contains(named), text);
    }
}
