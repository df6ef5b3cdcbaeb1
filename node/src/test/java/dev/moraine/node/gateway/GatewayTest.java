package dev.moraine.node.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.ingest.disperse.BatchFailure;
import dev.moraine.ingest.disperse.CompletionHandler;
import dev.moraine.ingest.disperse.FailureReason;
import dev.moraine.ingest.pipeline.Admission;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.CertificateAnswer;
import dev.moraine.wire.message.GetCertificate;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.RefusalReason;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.RequestFailure;
import dev.moraine.wire.transport.ResponseHandler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayTest {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long EXPIRY = RunningCommittee.EPOCH + RunningCommittee.RETENTION_EPOCHS;

    @TempDir
    private Path folder;

    private RunningCommittee nodes;

    @BeforeEach
    void start() throws Exception {
        nodes = new RunningCommittee(folder);
    }

    @AfterEach
    void stop() {
        nodes.close();
    }

    private static CompletableFuture<Object> post(Gateway gateway, Namespace namespace, byte[] payload) {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        Admission admission = gateway.submit(payload, namespace, EXPIRY, new CompletionHandler() {
            @Override
            public void onCertified(BlobCertificate certificate) {
                assertTrue(answer.complete(certificate));
            }

            @Override
            public void onFailed(BatchFailure failure) {
                assertTrue(answer.complete(failure));
            }
        });
        assertTrue(admission.isAccepted());
        return answer;
    }

    private static Object await(CompletableFuture<Object> answer) throws Exception {
        return answer.get(PATIENCE_NS, TimeUnit.NANOSECONDS);
    }

    private BlobCertificate certificate(CompletableFuture<Object> answer) throws Exception {
        Object given = await(answer);
        if (given instanceof BlobCertificate certificate) {
            assertEquals(CertificateVerdict.ACCEPT, certificate.verify(nodes.committee()));
            return certificate;
        }
        throw new AssertionError("no certificate, but " + given);
    }

    /** Asks until the node has the certificate, since it comes after the answer of the gateway. */
    private BlobCertificate keptBy(int node, BlobCertificate wanted) throws Exception {
        long startNs = System.nanoTime();
        try (PeerConnection connection = nodes.transport().connect(
                nodes.addresses().get(node), nodes.committee().deploymentId().toBytes(), node)) {
            while (true) {
                CompletableFuture<Message> answer = new CompletableFuture<>();
                connection.request(
                        id -> new GetCertificate(id, wanted.entry().blobId().toBytes()),
                        new ResponseHandler() {
                            @Override
                            public boolean onMessage(Message message) {
                                answer.complete(message);
                                return true;
                            }

                            @Override
                            public void onFailure(RequestFailure reason) {
                                answer.completeExceptionally(new AssertionError(reason));
                            }
                        },
                        PATIENCE_NS);
                if (answer.get(PATIENCE_NS, TimeUnit.NANOSECONDS) instanceof CertificateAnswer found) {
                    return BlobCertificate.decode(found.blobCertificate(), RunningCommittee.NODES);
                }
                assertTrue(System.nanoTime() - startNs < PATIENCE_NS, "node " + node + " keeps no certificate");
            }
        }
    }

    @Test
    void postedBatchesAreCertifiedAndEveryNodeKeepsTheirCertificate() throws Exception {
        Random random = Seed.random("GatewayTest.posted");
        try (Gateway gateway = nodes.gateway()) {
            List<CompletableFuture<Object>> answers = new ArrayList<>();
            for (int lengthBytes : new int[] {1, 1000, 100_000, 2 << 20}) {
                answers.add(post(gateway, RunningCommittee.GRANTED, Seed.bytes(random, lengthBytes)));
            }
            for (CompletableFuture<Object> answer : answers) {
                BlobCertificate certificate = certificate(answer);
                for (int node = 0; node < RunningCommittee.NODES; node++) {
                    BlobCertificate kept = keptBy(node, certificate);
                    assertEquals(certificate.entry(), kept.entry());
                    assertEquals(CertificateVerdict.ACCEPT, kept.verify(nodes.committee()));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anyFNodesMayBeDown(int down) throws Exception {
        nodes.stop(down);
        try (Gateway gateway = nodes.gateway()) {
            for (int i = 0; i < 3; i++) {
                BlobCertificate certificate =
                        certificate(post(gateway, RunningCommittee.GRANTED, new byte[] {(byte) i}));
                certificate.certificate().signers().forEach(signer -> assertTrue(signer >= down));
            }
        }
    }

    @Test
    void withOneMoreDownABatchFailsAndIsCertifiedWhenTheNodeIsBack() throws Exception {
        nodes.stop(3);
        byte[] payload = {1, 2, 3};
        try (Gateway gateway = nodes.gateway()) {
            Object failed = await(post(gateway, RunningCommittee.GRANTED, payload));
            assertEquals(FailureReason.QUORUM_UNREACHABLE, ((BatchFailure) failed).reason());
            nodes.restart(0);
            long startNs = System.nanoTime();
            Object answer = failed;
            while (!(answer instanceof BlobCertificate)) {
                assertTrue(System.nanoTime() - startNs < PATIENCE_NS, "still " + answer);
                answer = await(post(gateway, RunningCommittee.GRANTED, payload));
            }
            assertTrue(((BlobCertificate) answer).certificate().signers().contains(0));
        }
    }

    @Test
    void aNamespaceThatIsNotGrantedIsRefusedAndItsNeighboursAreNot() throws Exception {
        try (Gateway gateway = nodes.gateway()) {
            List<CompletableFuture<Object>> granted = new ArrayList<>();
            List<CompletableFuture<Object>> refused = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                granted.add(post(gateway, RunningCommittee.GRANTED, new byte[] {1, (byte) i}));
                refused.add(post(gateway, Namespace.parse("foreign"), new byte[] {2, (byte) i}));
            }
            for (CompletableFuture<Object> answer : granted) {
                certificate(answer);
            }
            for (CompletableFuture<Object> answer : refused) {
                BatchFailure failure = (BatchFailure) await(answer);
                assertEquals(FailureReason.REFUSED, failure.reason(), failure.detail());
                assertEquals(RefusalReason.NAMESPACE_NOT_GRANTED, failure.refusal());
            }
        }
    }

    @Test
    void anotherGatewayMayPostTheSameBatch() throws Exception {
        byte[] payload = Seed.bytes(new Random(5), 10_000);
        try (Gateway one = nodes.gateway();
                Gateway other = nodes.gateway()) {
            BlobCertificate first = certificate(post(one, RunningCommittee.GRANTED, payload));
            BlobCertificate second = certificate(post(other, RunningCommittee.GRANTED, payload));
            assertEquals(first.entry(), second.entry());
            assertArrayEquals(first.path(), second.path());
        }
    }

    @Test
    void whatIsMissingOrContradictsItselfIsNamed() {
        Gateway.Context incomplete = new Gateway.Context().committee(nodes.committee());
        assertThrows(IllegalArgumentException.class, () -> Gateway.open(incomplete));
        assertThrows(IllegalArgumentException.class, () -> Gateway.open(new Gateway.Context()));
    }
}
