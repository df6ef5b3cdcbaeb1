package dev.moraine.ingest.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.moraine.ingest.peers.Deployment;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.BundleEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateJournalTest {
    private static final long EPOCH = Deployment.EPOCH;
    private static final long SMALL_FILE_BYTES = 4096;

    @TempDir
    Path folder;

    private CertificateJournal open(long epoch) throws JournalException {
        return CertificateJournal.open(Certificates.context(folder, epoch));
    }

    private CertificateJournal openSmall(long epoch, int files) throws JournalException {
        return CertificateJournal.open(Certificates.context(folder, epoch)
                .segmentBytes(SMALL_FILE_BYTES)
                .maxBytes(files * SMALL_FILE_BYTES));
    }

    private static void await(String what, BooleanSupplier condition) {
        long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNs > TimeUnit.SECONDS.toNanos(20)) {
                fail("never: " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    private static void assertHolds(CertificateJournal journal, Bundle bundle) {
        for (BlobCertificate expected : Certificates.blobCertificates(bundle)) {
            assertEquals(expected, journal.find(expected.entry()));
            assertEquals(expected, journal.find(expected.entry().blobId()));
        }
    }

    @Test
    void whatIsDurableIsFoundAtOnceAndAfterARestart() throws JournalException {
        List<Bundle> bundles = List.of(
                Certificates.bundle("a", 1, EPOCH), Certificates.bundle("b", 7, EPOCH + 3),
                Certificates.bundle("c", 300, EPOCH));
        try (CertificateJournal journal = open(EPOCH)) {
            for (Bundle bundle : bundles) {
                assertEquals("", Certificates.keep(journal, bundle));
                assertHolds(journal, bundle);
            }
            assertNull(journal.find(Certificates.entry("d", EPOCH).blobId()));
        }
        try (CertificateJournal journal = open(EPOCH)) {
            bundles.forEach(bundle -> assertHolds(journal, bundle));
            assertNull(journal.find(Certificates.entry("d", EPOCH)));
            assertEquals(0, journal.counters().damagedRegions());
        }
    }

    @Test
    void oneSyncServesAllThatWait() throws JournalException {
        int bundles = 200;
        try (CertificateJournal journal = open(EPOCH)) {
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int i = 0; i < bundles; i++) {
                answers.add(Certificates.start(journal, Certificates.bundle("bundle " + i, 1, EPOCH)));
            }
            for (CompletableFuture<String> answer : answers) {
                assertEquals("", answer.orTimeout(20, TimeUnit.SECONDS).join());
            }
            assertEquals(bundles, journal.counters().certificates());
            assertTrue(journal.counters().syncs() <= bundles, journal.counters().syncs() + " syncs");
        }
    }

    @Test
    void ofSeveralEntriesOfABlobTheLongestLivingIsGivenAndEachIsFound() throws JournalException {
        List<Bundle> bundles = new ArrayList<>();
        for (long expiry : new long[] {EPOCH + 2, EPOCH + 9, EPOCH + 5}) {
            bundles.add(new Bundle(List.of(Certificates.entry("same", expiry))));
        }
        try (CertificateJournal journal = open(EPOCH)) {
            bundles.forEach(bundle -> assertEquals("", Certificates.keep(journal, bundle)));
            for (Bundle bundle : bundles) {
                assertEquals(Certificates.blobCertificates(bundle).getFirst(), journal.find(bundle.entries().getFirst()));
            }
            BlobCertificate longest = journal.find(Certificates.entry("same", 0).blobId());
            assertNotNull(longest);
            assertEquals(EPOCH + 9, longest.entry().expiryEpoch());
        }
    }

    @Test
    void whatHasExpiredIsNotGivenAndItsFilesGoAway() throws JournalException {
        BundleEntry shortLived;
        List<Bundle> longLived = new ArrayList<>();
        try (CertificateJournal journal = openSmall(EPOCH, 100)) {
            for (int i = 0; i < 40; i++) {
                // Every fifth lives on, so that files with a few living certificates are copied out of.
                Bundle bundle = Certificates.bundle("bundle " + i, 3, i % 5 == 0 ? EPOCH + 50 : EPOCH);
                assertEquals("", Certificates.keep(journal, bundle));
                if (i % 5 == 0) {
                    longLived.add(bundle);
                }
            }
            shortLived = Certificates.entry("bundle 1 0", EPOCH);
            assertNotNull(journal.find(shortLived));
        }
        try (CertificateJournal journal = openSmall(EPOCH + 1, 100)) {
            assertNull(journal.find(shortLived));
            assertNull(journal.find(shortLived.blobId()));
            long before = journal.sizeBytes();
            await("space comes back", () -> journal.sizeBytes() < before / 2);
            longLived.forEach(bundle -> assertHolds(journal, bundle));
            assertTrue(journal.counters().recordsCopied() > 0, "nothing was copied");
        }
        try (CertificateJournal journal = openSmall(EPOCH + 1, 100)) {
            longLived.forEach(bundle -> assertHolds(journal, bundle));
        }
    }

    @Test
    void aFullJournalRefusesUntilTheNodesKeepWhatIsOldest() throws JournalException {
        try (CertificateJournal journal = openSmall(EPOCH, 4)) {
            List<Bundle> kept = new ArrayList<>();
            String refusal = "";
            for (int i = 0; refusal.isEmpty() && i < 1000; i++) {
                Bundle bundle = Certificates.bundle("bundle " + i, 3, EPOCH);
                refusal = Certificates.keep(journal, bundle);
                if (refusal.isEmpty()) {
                    kept.add(bundle);
                }
            }
            assertTrue(refusal.contains("full"), refusal);
            assertFalse(journal.isAccepting());
            assertTrue(journal.sizeBytes() <= 4 * SMALL_FILE_BYTES, journal.sizeBytes() + " bytes");
            kept.forEach(bundle -> assertHolds(journal, bundle));
            // Of four nodes one may lie, so two that keep a certificate include an honest one.
            kept.forEach(bundle -> Certificates.deliver(journal, bundle, 2));
            Bundle next = Certificates.bundle("next", 3, EPOCH);
            await("room", () -> Certificates.keep(journal, next).isEmpty());
            assertHolds(journal, next);
            assertTrue(journal.isAccepting());
            assertTrue(journal.counters().segmentsDropped() > 0);
            assertHolds(journal, kept.getLast());
        }
    }

    @Test
    void blobsBeyondTheirLimitAreForgottenOldestFirst() throws JournalException {
        JournalContext context = Certificates.context(folder, EPOCH).segmentBytes(SMALL_FILE_BYTES).maxEntries(100);
        try (CertificateJournal journal = CertificateJournal.open(context)) {
            for (int i = 0; i < 60; i++) {
                Bundle bundle = Certificates.bundle("bundle " + i, 5, EPOCH);
                assertEquals("", Certificates.keep(journal, bundle));
                Certificates.deliver(journal, bundle, Certificates.MEMBERS);
            }
            assertNull(journal.find(Certificates.entry("bundle 0 0", EPOCH)));
            assertNotNull(journal.find(Certificates.entry("bundle 59 0", EPOCH)));
        }
    }

    @Test
    void onlyWhatSomeNodesLackIsDeliveredAgainAfterARestart() throws JournalException {
        Bundle everywhere = Certificates.bundle("everywhere", 2, EPOCH);
        Bundle partly = Certificates.bundle("partly", 2, EPOCH);
        Bundle nowhere = Certificates.bundle("nowhere", 2, EPOCH);
        try (CertificateJournal journal = open(EPOCH)) {
            for (Bundle bundle : List.of(everywhere, partly, nowhere)) {
                assertEquals("", Certificates.keep(journal, bundle));
            }
            Certificates.deliver(journal, everywhere, Certificates.MEMBERS);
            Certificates.deliver(journal, partly, 3);
        }
        try (CertificateJournal journal = open(EPOCH)) {
            UndeliveredCertificate first = journal.nextUndelivered();
            UndeliveredCertificate second = journal.nextUndelivered();
            assertNotNull(first);
            assertNotNull(second);
            assertNull(journal.nextUndelivered());
            assertEquals(partly.root(), first.bundle().root());
            assertEquals("{0, 1, 2}", first.keepers().toString());
            assertEquals(Certificates.certificate(nowhere), second.certificate());
            assertTrue(second.keepers().isEmpty());
        }
    }

    @Test
    void aFolderInUseIsRefused() throws JournalException {
        try (CertificateJournal journal = open(EPOCH)) {
            assertTrue(journal.isAccepting());
            JournalException refusal = assertThrows(JournalException.class, () -> open(EPOCH));
            assertTrue(String.valueOf(refusal.getMessage()).contains("in use"), refusal.getMessage());
        }
        open(EPOCH).close();
    }

    @Test
    void aJournalOfAnotherDeploymentIsRefused() throws JournalException {
        open(EPOCH).close();
        JournalContext foreign = Certificates.context(folder, EPOCH)
                .committee(Deployment.of(1, 1, 1, 1).committee());
        JournalException refusal = assertThrows(JournalException.class, () -> CertificateJournal.open(foreign));
        assertTrue(String.valueOf(refusal.getMessage()).contains("deployment"), refusal.getMessage());
    }

    @Test
    void aClosedJournalKeepsNothing() throws JournalException {
        CertificateJournal journal = open(EPOCH);
        journal.close();
        assertFalse(journal.isAccepting());
        assertTrue(Certificates.keep(journal, Certificates.bundle("late", 1, EPOCH)).contains("closed"));
    }

    @Test
    void filesAreForTheirOwnerOnly() throws JournalException, IOException {
        open(EPOCH).close();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".certificates")).toList()) {
                assertEquals("[OWNER_READ, OWNER_WRITE]", Files.getPosixFilePermissions(file).stream().sorted().toList().toString());
            }
        }
    }

    @Test
    void limitsAreCheckedByName() {
        assertRefused("segmentBytes", Certificates.context(folder, EPOCH).segmentBytes(4095));
        assertRefused("segmentBytes", Certificates.context(folder, EPOCH).segmentBytes((64 << 20) + 1));
        assertRefused("maxBytes", Certificates.context(folder, EPOCH).segmentBytes(4096).maxBytes(4 * 4096 - 1));
        assertRefused("maxEntries", Certificates.context(folder, EPOCH).maxEntries(0));
        assertRefused("folder", new JournalContext());
    }

    private static void assertRefused(String field, JournalContext context) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, context::conclude);
        assertTrue(String.valueOf(refusal.getMessage()).startsWith(field), refusal.getMessage());
    }
}
