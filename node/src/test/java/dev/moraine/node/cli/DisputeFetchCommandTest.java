package dev.moraine.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moraine.codec.Geometry;
import dev.moraine.node.genesis.GenesisFile;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.proofs.certificate.SignedVerdict;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.proof.ChunkProof;
import dev.moraine.proofs.proof.ProofVerdict;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisputeFetchCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OFFSET = 2_000;
    private static final int LENGTH_BYTES = 3_000;

    @Test
    void everythingIsFetchedWithFNodesDown() throws Exception {
        try (PostedBlob posted = PostedBlob.of(new Geometry(4), 20_000)) {
            posted.stop(1);
            Committee committee = GenesisFile.read(posted.genesis());
            JsonNode json = JSON.readTree(fetch(posted, "json").succeeded().out());
            assertEquals("WHOLE", json.get("result").asText());
            assertEquals(
                    DisputeText.hex(Arrays.copyOfRange(posted.bytes(), OFFSET, OFFSET + LENGTH_BYTES)),
                    json.get("bytes").asText());
            BlobCertificate certificate = BlobCertificate.decode(
                    bytes(json, "certificate"), committee.members().size());
            assertEquals(CertificateVerdict.ACCEPT, certificate.verify(committee));
            assertEquals(CertificateVerdict.ACCEPT, SignedVerdict.verify(bytes(json, "verdict"), committee));
            BlobHeader header = BlobHeader.decode(bytes(json, "header"));
            for (JsonNode each : json.get("chunks")) {
                int row = each.get("row").asInt();
                int column = each.get("column").asInt();
                int chunk = each.get("chunk").asInt();
                ChunkProof proof = Objects.requireNonNull(
                        ChunkProof.decode(bytes(each, "proof"), header, row, column, chunk));
                assertEquals(ProofVerdict.ACCEPT, proof.verify(header, posted.id(), row, column, chunk));
                long offset = each.get("offset").asLong();
                assertTrue(offset > OFFSET - 1_024 && offset < OFFSET + LENGTH_BYTES, each::toString);
            }

            List<String> calls = fetch(posted, "abi").succeeded().out().lines().toList();
            assertEquals(2 + json.get("chunks").size(), calls.size());
            assertTrue(calls.get(0).startsWith("verifyBlobCertificate 0x946f4ede"), calls.get(0));
            assertTrue(calls.get(1).startsWith("verifyVerdict 0x88c21c9d"), calls.get(1));
            assertTrue(calls.get(2).startsWith("wordAt 0xd044026f" + posted.id()), calls.get(2));

            Invocation.of("dispute", "fetch", posted.id(), "--genesis", posted.genesis(), "--offset", 19_999, "--length", 2)
                    .failed(Main.EXIT_FAILED, "20000");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--offset, -1",
        "--length, 0",
        "--length, 1048577",
        "--format, xml",
        "--deadline, 0",
    })
    void optionsOutOfRangeAreNamed(String option, String value) {
        String[] words = {
            "dispute", "fetch", "0".repeat(64), "--genesis", "nowhere", "--offset", "0", "--length", "1", option, value
        };
        if (option.equals("--offset") || option.equals("--length")) {
            words[option.equals("--offset") ? 6 : 8] = value;
            words = Arrays.copyOf(words, 9);
        }
        Invocation.of((Object[]) words).failed(Main.EXIT_USAGE, option);
    }

    private static Invocation fetch(PostedBlob posted, String format) {
        return Invocation.of(
                "dispute",
                "fetch",
                posted.id(),
                "--genesis",
                posted.genesis(),
                "--offset",
                OFFSET,
                "--length",
                LENGTH_BYTES,
                "--format",
                format,
                "--deadline",
                120);
    }

    private static byte[] bytes(JsonNode node, String field) {
        return HexFormat.of().parseHex(node.get(field).asText().substring(2));
    }
}
