package dev.moraine.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moraine.codec.Geometry;
import dev.moraine.ingest.disperse.BatchFailure;
import dev.moraine.ingest.disperse.CompletionHandler;
import dev.moraine.node.demo.EmbeddedCommittee;
import dev.moraine.node.demo.LoopbackPorts;
import dev.moraine.node.gateway.Gateway;
import dev.moraine.proofs.certificate.AvailabilityVerdict.Outcome;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.certificate.SignedVerdict;
import dev.moraine.testing.Seed;
import dev.moraine.wire.transport.TransportKind;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditCommandTest {
    private static final int SHARDS = 4;
    private static final String UNKNOWN_ID = "ab".repeat(32);

    private final Random random = Seed.random("AuditCommandTest");

    @TempDir
    private Path folder;

    private BlobCertificate post(EmbeddedCommittee nodes) throws Exception {
        CompletableFuture<BlobCertificate> answer = new CompletableFuture<>();
        try (Gateway gateway = nodes.openGateway()) {
            long expiryEpoch = 5;
            assertTrue(gateway.submit(
                            Seed.bytes(random, 50_000), Namespace.parse("audited"), expiryEpoch, new CompletionHandler() {
                                @Override
                                public void onCertified(BlobCertificate certificate) {
                                    answer.complete(certificate);
                                }

                                @Override
                                public void onFailed(BatchFailure failure) {
                                    answer.completeExceptionally(new AssertionError(failure));
                                }
                            })
                    .isAccepted());
            return answer.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void theNodesGiveABindingVerdictWhileOneIsDown() throws Exception {
        Path genesis = folder.resolve("genesis.json");
        try (EmbeddedCommittee nodes = EmbeddedCommittee.start(
                folder, new Geometry(SHARDS), LoopbackPorts.free(SHARDS), TransportKind.NIO, 1 << 20)) {
            String id = post(nodes).entry().blobId().toString();
            nodes.stopNode(1);
            Invocation audit =
                    Invocation.of("audit", id, "--genesis", genesis, "--timeout", 60, "--json").succeeded();
            JsonNode json = new ObjectMapper().readTree(audit.out());
            assertEquals("WHOLE", json.get("verdict").asText());
            SignedVerdict verdict = SignedVerdict.decode(
                    HexFormat.of().parseHex(json.get("signedVerdict").asText()), SHARDS);
            assertEquals(CertificateVerdict.ACCEPT, verdict.verify(nodes.committee()));
            assertEquals(Outcome.WHOLE, verdict.verdict().outcome());
            assertEquals(id, verdict.verdict().blobId().toString());
            Invocation unknown = Invocation.of("audit", UNKNOWN_ID, "--genesis", genesis, "--timeout", 1);
            assertEquals(1, unknown.status());
            assertTrue(unknown.out().startsWith("NOT_YET"), unknown.out());
        }
    }

    @Test
    void wrongUsageIsNamed() {
        Invocation.of("audit", "12", "--genesis", "g").failed(2, "ID");
        Invocation.of("audit", UNKNOWN_ID, "--genesis", "g", "--timeout", 0).failed(2, "--timeout", "0");
        Invocation.of("audit", UNKNOWN_ID, "--genesis", folder.resolve("none.json")).failed(1, "none.json");
    }
}
