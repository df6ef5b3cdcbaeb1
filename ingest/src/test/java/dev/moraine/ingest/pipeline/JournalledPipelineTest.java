package dev.moraine.ingest.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.ingest.disperse.FailureReason;
import dev.moraine.ingest.journal.BlobStatus;
import dev.moraine.ingest.journal.CertificateJournal;
import dev.moraine.ingest.journal.JournalContext;
import dev.moraine.ingest.journal.JournalException;
import dev.moraine.ingest.peers.Behaviour;
import dev.moraine.ingest.peers.Deployment;
import dev.moraine.ingest.peers.ScriptedCommittee;
import dev.moraine.ingest.peers.ScriptedNode;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.testing.Seed;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a gateway remembers. n = 7, f = 2. */
class JournalledPipelineTest {
    private final ScriptedCommittee peers = ScriptedCommittee.start(1, 1, 1, 1, 1, 1, 1);
    private final Random random = Seed.random("JournalledPipelineTest");

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        peers.close();
    }

    private CertificateJournal journal() throws JournalException {
        return CertificateJournal.open(new JournalContext()
                .folder(folder.resolve("journal"))
                .committee(peers.committee())
                .currentEpoch(() -> Deployment.EPOCH));
    }

    private IngestPipeline start(CertificateJournal journal) {
        return IngestPipeline.start(Gateways.context(peers)
                .journal(journal)
                .certificateCacheEntries(0)
                .closeTimeoutNs(TimeUnit.MILLISECONDS.toNanos(500)));
    }

    private Gatherer submit(IngestPipeline pipeline, byte[] payload) {
        Gatherer gatherer = new Gatherer();
        assertTrue(pipeline.submit(payload, Gateways.NAMESPACE, Gateways.EXPIRY, gatherer).isAccepted());
        return gatherer;
    }

    @Test
    void theSameBatchGetsTheSameCertificateAfterARestart() throws JournalException {
        byte[] payload = Seed.bytes(random, 5_000);
        BlobCertificate certificate;
        BlobId id;
        try (CertificateJournal journal = journal(); IngestPipeline pipeline = start(journal)) {
            certificate = submit(pipeline, payload).certificate();
            id = certificate.entry().blobId();
            assertEquals(BlobStatus.CERTIFIED, pipeline.status(id));
        }
        try (CertificateJournal journal = journal(); IngestPipeline pipeline = start(journal)) {
            assertEquals(BlobStatus.CERTIFIED, pipeline.status(id));
            assertEquals(certificate, pipeline.certificate(id));
            assertEquals(certificate, submit(pipeline, payload).certificate());
            assertEquals(1, pipeline.counters().repeated());
            assertEquals(0, pipeline.counters().bundles());
        }
    }

    @Test
    void aBatchIsPendingUntilItIsAnsweredAndUnknownToTheNextGateway() throws JournalException {
        BlobId id;
        byte[] payload = Seed.bytes(random, 5_000);
        try (CertificateJournal journal = journal(); IngestPipeline pipeline = start(journal)) {
            id = submit(pipeline, payload).certificate().entry().blobId();
        }
        Path other = folder.resolve("other");
        for (ScriptedNode node : peers.nodes()) {
            node.behave(Behaviour.SWALLOWS);
        }
        try (CertificateJournal journal = CertificateJournal.open(new JournalContext()
                .folder(other)
                .committee(peers.committee())
                .currentEpoch(() -> Deployment.EPOCH))) {
            IngestPipeline pipeline = start(journal);
            assertEquals(BlobStatus.UNKNOWN, pipeline.status(id));
            Gatherer gatherer = submit(pipeline, payload);
            Gateways.await("pending", () -> pipeline.status(id) == BlobStatus.PENDING);
            assertNull(pipeline.certificate(id));
            pipeline.close();
            assertEquals(FailureReason.CLOSED, gatherer.failure().reason());
            assertEquals(BlobStatus.UNKNOWN, pipeline.status(id));
        }
    }

    @Test
    void aCertificateIsDurableBeforeItsAnswer() throws JournalException {
        try (CertificateJournal journal = journal(); IngestPipeline pipeline = start(journal)) {
            for (int i = 0; i < 20; i++) {
                BlobCertificate certificate = submit(pipeline, Seed.bytes(random, 1_000)).certificate();
                assertEquals(certificate, journal.find(certificate.entry()));
            }
            assertTrue(journal.counters().syncs() >= 20);
        }
    }

    @Test
    void whatTheJournalCannotKeepIsNotAcknowledged() throws JournalException {
        CertificateJournal journal = journal();
        for (ScriptedNode node : peers.nodes()) {
            node.behave(Behaviour.BUSY_ONCE);
            node.busyDelayMs(300);
        }
        try (IngestPipeline pipeline = start(journal)) {
            Gatherer gatherer = submit(pipeline, Seed.bytes(random, 1_000));
            journal.close();
            assertEquals(FailureReason.NOT_DURABLE, gatherer.failure().reason());
            Admission refusal = pipeline.submit(
                    Seed.bytes(random, 10), Gateways.NAMESPACE, Gateways.EXPIRY, new Gatherer());
            assertEquals(Admission.Verdict.NOT_DURABLE, refusal.verdict());
        }
    }

    @Test
    void nodesThatLackACertificateGetItFromTheNextGateway() throws JournalException {
        ScriptedNode absent = peers.nodes().getFirst();
        absent.behave(Behaviour.DISCONNECTS);
        absent.refuseCertificates(true);
        BlobCertificate certificate;
        try (CertificateJournal journal = journal(); IngestPipeline pipeline = start(journal)) {
            certificate = submit(pipeline, Seed.bytes(random, 1_000)).certificate();
            Gateways.await("the others keep it", () -> pipeline.counters().certificatesKept() == 6);
        }
        assertTrue(absent.certificates().isEmpty());
        absent.behave(Behaviour.HONEST);
        absent.refuseCertificates(false);
        try (CertificateJournal journal = journal(); IngestPipeline pipeline = start(journal)) {
            Gateways.await("it is delivered", () -> pipeline.counters().certificatesKept() >= 1);
            byte[] delivered = absent.certificates().peek();
            assertNotNull(delivered);
            assertEquals(List.of(), peers.complaints());
            assertArrayEquals(certificate.certificate().encode(), delivered);
        }
    }
}
