package dev.moraine.ingest.disperse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.ingest.peers.Deployment;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.certificate.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BundleAssemblerTest {
    private static final long EPOCH = 5;
    private static final Deployment DEPLOYMENT = Deployment.of(1, 1, 1, 1);

    private final IngestCounters counters = new IngestCounters(4);
    private final BundleAssembler assembler = new BundleAssembler(
            4, 1000, new BodyLimit(DEPLOYMENT.committee(), Long.MAX_VALUE), new CertificateCache(2, null), counters);

    private EncodedBatch add(String name, long lengthBytes) {
        EncodedBatch batch = Batches.batch(Batches.entry(name, lengthBytes, 10), new Batches.Answers());
        assembler.add(batch, EPOCH);
        return batch;
    }

    private static BlobCertificate certificate(BundleEntry entry) {
        Bundle bundle = new Bundle(List.of(entry));
        Statement statement = bundle.statement(DEPLOYMENT.committee().deploymentId(), EPOCH);
        Certificate certificate = Certificate.of(
                statement, 4, Set.of(0), DEPLOYMENT.secretKeys().getFirst().sign(statement.encode()));
        return bundle.blobCertificate(certificate, 0);
    }

    @Test
    void aBundleTakesAllThatIsReadyInOrder() {
        List<EncodedBatch> batches = List.of(add("a", 1), add("b", 2), add("c", 3));
        assertEquals(batches, assembler.next(EPOCH));
        assertTrue(assembler.next(EPOCH).isEmpty());
    }

    @Test
    void aBundleEndsAtItsCountLimit() {
        List<EncodedBatch> batches = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            assertEquals(i >= 4, assembler.isFull());
            batches.add(add("batch " + i, 1));
        }
        assertEquals(batches.subList(0, 4), assembler.next(EPOCH));
        assertEquals(batches.subList(4, 5), assembler.next(EPOCH));
    }

    @Test
    void aBundleEndsAtItsByteLimitAndOneByteMoreWaits() {
        EncodedBatch first = add("a", 999);
        assertFalse(assembler.isFull());
        EncodedBatch fits = add("b", 1);
        assertTrue(assembler.isFull());
        EncodedBatch waits = add("c", 1);
        assertEquals(List.of(first, fits), assembler.next(EPOCH));
        assertEquals(List.of(waits), assembler.next(EPOCH));
        add("d", 1000);
        add("e", 1);
        assertEquals(1, assembler.next(EPOCH).size());
        assertFalse(assembler.isFull());
    }

    @Test
    void aBundleEndsWhereTheBodiesFillTheMemoryThatANodeGrants() {
        BodyLimit three = new BodyLimit(DEPLOYMENT.committee(), 3 * new BodyLimit(DEPLOYMENT.committee(), 0).bytesOf(1));
        BundleAssembler small =
                new BundleAssembler(4096, Long.MAX_VALUE, three, new CertificateCache(2, null), counters);
        List<EncodedBatch> batches = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            assertEquals(i >= 3, small.isFull());
            batches.add(Batches.batch(Batches.entry("batch " + i, 1, 10), new Batches.Answers()));
            small.add(batches.getLast(), EPOCH);
        }
        assertEquals(batches.subList(0, 3), small.next(EPOCH));
        assertEquals(batches.subList(3, 6), small.next(EPOCH));
        assertEquals(batches.subList(6, 7), small.next(EPOCH));
        assertFalse(small.isFull());
    }

    @Test
    void theSameBlobForAnotherNamespaceGoesIntoAnotherBundle() {
        EncodedBatch first = add("same", 1);
        BundleEntry entry = first.entry();
        BundleEntry foreign = new BundleEntry(entry.blobId(), Namespace.parse("other"), 1, 10);
        EncodedBatch second = Batches.batch(foreign, new Batches.Answers());
        assembler.add(second, EPOCH);
        EncodedBatch third = add("next", 1);
        assertEquals(List.of(first, third), assembler.next(EPOCH));
        assertEquals(List.of(second), assembler.next(EPOCH));
    }

    @Test
    void theSameEntryWaitsWithTheOneInFlightAndBothAreAnswered() {
        Batches.Answers answers = new Batches.Answers();
        EncodedBatch first = Batches.batch(Batches.entry("a", 1, 10), answers);
        EncodedBatch second = Batches.batch(first.entry(), answers);
        EncodedBatch third = Batches.batch(first.entry(), answers);
        assembler.add(first, EPOCH);
        assembler.add(second, EPOCH);
        assertEquals(List.of(first), assembler.next(EPOCH));
        assembler.add(third, EPOCH);
        assertTrue(assembler.next(EPOCH).isEmpty());
        assertEquals(2, answers.freed);
        BlobCertificate certificate = certificate(first.entry());
        assembler.certified(first, certificate);
        assertEquals(List.of(certificate, certificate, certificate), answers.certificates);
        assertEquals(2, counters.repeated());
    }

    @Test
    void anEntryWithALivingCertificateGetsThatOne() {
        Batches.Answers answers = new Batches.Answers();
        EncodedBatch first = Batches.batch(Batches.entry("a", 1, 10), answers);
        assembler.add(first, EPOCH);
        assembler.next(EPOCH);
        BlobCertificate certificate = certificate(first.entry());
        assembler.certified(first, certificate);
        assembler.add(Batches.batch(first.entry(), answers), 10);
        assertEquals(2, answers.certificates.size());
        assertSame(certificate, answers.certificates.getLast());
        assertEquals(1, answers.freed);
        assembler.add(Batches.batch(first.entry(), answers), 11);
        assertEquals(2, answers.certificates.size());
    }

    @Test
    void theOldestCertificateGivesWay() {
        CertificateCache cache = new CertificateCache(2, null);
        List<BundleEntry> entries = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            entries.add(Batches.entry("entry " + i, 1, 10));
            cache.put(certificate(entries.getLast()));
        }
        assertNull(cache.find(entries.get(0), EPOCH));
        assertNotNull(cache.find(entries.get(1), EPOCH));
        assertNotNull(cache.find(entries.get(2), EPOCH));
    }

    @Test
    void batchesWhoseLastEpochIsOverFailAndGiveTheirMemoryBack() {
        Batches.Answers answers = new Batches.Answers();
        EncodedBatch expired = Batches.batch(Batches.entry("old", 1, EPOCH), answers);
        assembler.add(expired, EPOCH);
        EncodedBatch alive = add("alive", 1);
        assertEquals(List.of(alive), assembler.next(EPOCH + 1));
        assertEquals(FailureReason.EXPIRED, answers.failures.getFirst().reason());
        assertEquals(1, answers.freed);
    }

    @Test
    void batchesThatAreBundledAgainComeFirstAndAlone() {
        EncodedBatch fresh = add("fresh", 1);
        EncodedBatch repeated = Batches.batch("repeated");
        assembler.bundleAgain(List.of(repeated));
        assertEquals(List.of(repeated), assembler.next(EPOCH));
        assertEquals(List.of(fresh), assembler.next(EPOCH));
    }

    @Test
    void closingFailsWhatIsReadyAndWhatIsToBeBundledAgain() {
        Batches.Answers answers = new Batches.Answers();
        assembler.add(Batches.batch(Batches.entry("a", 1, 10), answers), EPOCH);
        assembler.bundleAgain(List.of(Batches.batch(Batches.entry("b", 1, 10), answers)));
        assertEquals(2, assembler.failAll(BatchFailure.of(FailureReason.CLOSED, "closed")));
        assertEquals(2, answers.failures.size());
        assertEquals(2, answers.freed);
        assertFalse(assembler.isFull());
    }

    @Test
    void aBatchIsNeverGivenBackTwice() {
        Batches.Answers answers = new Batches.Answers();
        EncodedBatch batch = Batches.batch(Batches.entry("a", 1, 10), answers);
        batch.retain();
        batch.release();
        assertEquals(0, answers.freed);
        batch.release();
        assertEquals(1, answers.freed);
        assertThrows(IllegalStateException.class, batch::release);
    }
}
