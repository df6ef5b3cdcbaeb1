package dev.moraine.ingest.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.codec.Geometry;
import dev.moraine.ingest.peers.Delivery;
import dev.moraine.ingest.peers.Deployment;
import dev.moraine.ingest.peers.ScriptedCommittee;
import dev.moraine.ingest.peers.ScriptedNode;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.testing.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With honest nodes: n = 8, f = 2, q = 6; one node holds two shards. */
class IngestPipelineTest {
    private static final ScriptedCommittee PEERS = ScriptedCommittee.start(2, 1, 1, 1, 1, 1, 1);
    private static final int MAX_BLOB_BYTES = 3 << 20;

    private final IngestPipeline pipeline = IngestPipeline.start(Gateways.context(PEERS)
            .maxBlobBytes(MAX_BLOB_BYTES)
            .certificateCacheEntries(16));

    @AfterEach
    void everythingIsGivenBack() {
        pipeline.close();
        assertEquals(List.of(), PEERS.complaints());
        Gateways.await("memory comes back", () -> pipeline.leasedBytes() == 0);
    }

    @AfterAll
    static void stop() {
        PEERS.close();
    }

    private Gatherer submit(byte[] payload) {
        Gatherer gatherer = new Gatherer();
        assertEquals(
                Admission.ACCEPTED, pipeline.submit(payload, Gateways.NAMESPACE, Gateways.EXPIRY, gatherer));
        return gatherer;
    }

    private Admission.Verdict verdict(byte[] payload, long expiryEpoch) {
        return pipeline.submit(payload, Gateways.NAMESPACE, expiryEpoch, new Gatherer()).verdict();
    }

    @Test
    void batchesOfEveryLengthAreCertified() {
        Random random = Seed.random("IngestPipelineTest.lengths");
        Geometry geometry = PEERS.committee().geometry();
        int step = (int) geometry.paddedBlobBytes(64);
        for (int lengthBytes : new int[] {1, 63, 64, step - 1, step, step + 1, 16 * step, MAX_BLOB_BYTES}) {
            BlobCertificate certificate = submit(Seed.bytes(random, lengthBytes)).certificate();
            assertEquals(CertificateVerdict.ACCEPT, certificate.verify(PEERS.committee()));
            assertEquals(lengthBytes, certificate.entry().lengthBytes());
            assertEquals(Gateways.NAMESPACE, certificate.entry().namespace());
            assertEquals(Gateways.EXPIRY, certificate.entry().expiryEpoch());
            assertEquals(Deployment.EPOCH, certificate.certificate().statement().epoch());
        }
    }

    @Test
    void everyNodeGetsItsOwnVerifiedPairsAndTheCertificate() {
        BlobCertificate certificate = submit(Seed.bytes(new Random(1), 100_000)).certificate();
        for (ScriptedNode node : PEERS.nodes()) {
            Gateways.await("slivers", () -> node.stored().stream().anyMatch(delivery -> holds(delivery, certificate)));
            Gateways.await("certificate", () -> node.certificates().stream()
                    .anyMatch(bytes -> Arrays.equals(bytes, certificate.certificate().encode())));
        }
    }

    private static boolean holds(Delivery delivery, BlobCertificate certificate) {
        return delivery.bundle().entries().contains(certificate.entry());
    }

    @Test
    void emptyAndTooLongBatchesAreRejected() {
        assertEquals(Admission.Verdict.EMPTY, verdict(new byte[0], Gateways.EXPIRY));
        assertEquals(Admission.Verdict.TOO_LARGE, verdict(new byte[MAX_BLOB_BYTES + 1], Gateways.EXPIRY));
        assertEquals(0, pipeline.counters().accepted());
    }

    @Test
    void theExpiryLiesBetweenTheCurrentEpochAndTheRetentionLimit() {
        long last = Deployment.EPOCH + Deployment.RETENTION_EPOCHS;
        assertEquals(Admission.Verdict.EXPIRY_OUT_OF_RANGE, verdict(new byte[1], Deployment.EPOCH - 1));
        assertEquals(Admission.Verdict.EXPIRY_OUT_OF_RANGE, verdict(new byte[1], last + 1));
        assertEquals(Admission.Verdict.EXPIRY_OUT_OF_RANGE, verdict(new byte[1], Long.MAX_VALUE));
        assertEquals(Admission.Verdict.EXPIRY_OUT_OF_RANGE, verdict(new byte[1], -1));
        assertEquals(Admission.Verdict.ACCEPTED, verdict(new byte[1], Deployment.EPOCH));
        assertEquals(Admission.Verdict.ACCEPTED, verdict(new byte[1], last));
    }

    @Test
    void theSameBytesGetTheSameCertificate() {
        byte[] payload = Seed.bytes(new Random(2), 5000);
        BlobCertificate first = submit(payload).certificate();
        assertEquals(first, submit(payload).certificate());
        Gatherer other = new Gatherer();
        pipeline.submit(payload, Namespace.parse("other"), Gateways.EXPIRY, other);
        assertEquals(first.entry().blobId(), other.certificate().entry().blobId());
        assertNotEquals(first, other.certificate());
        Gatherer longer = new Gatherer();
        pipeline.submit(payload, Gateways.NAMESPACE, Gateways.EXPIRY + 1, longer);
        assertEquals(Gateways.EXPIRY + 1, longer.certificate().entry().expiryEpoch());
    }

    @Test
    void batchesUnderLoadShareBundlesAndNoBundleHasABlobTwice() {
        Random random = Seed.random("IngestPipelineTest.load");
        List<Gatherer> gatherers = new ArrayList<>();
        List<byte[]> payloads = IntStream.range(0, 40).mapToObj(i -> Seed.bytes(random, 200 + i)).toList();
        for (int i = 0; i < 120; i++) {
            gatherers.add(submit(payloads.get(random.nextInt(payloads.size()))));
        }
        gatherers.forEach(gatherer -> assertEquals(
                CertificateVerdict.ACCEPT, gatherer.certificate().verify(PEERS.committee())));
        assertTrue(pipeline.counters().bundles() < pipeline.counters().bundledBatches());
        assertTrue(pipeline.counters().repeated() >= 120 - 40 - pipeline.counters().bundledBatches());
        assertEquals(120, pipeline.counters().certified());
        for (List<BundleEntry> offered : PEERS.nodes().getFirst().offers()) {
            Set<Object> ids = new HashSet<>();
            offered.forEach(entry -> assertTrue(ids.add(entry.blobId())));
        }
    }

    @Test
    void aHandlerThatThrowsHurtsNobodyElse() {
        Gatherer after = new Gatherer();
        pipeline.submit(new byte[] {1}, Gateways.NAMESPACE, Gateways.EXPIRY, new ThrowingHandler());
        pipeline.submit(new byte[] {2}, Gateways.NAMESPACE, Gateways.EXPIRY, after);
        after.certificate();
        Gateways.await("both answered", () -> pipeline.unansweredBatches() == 0);
    }
}
