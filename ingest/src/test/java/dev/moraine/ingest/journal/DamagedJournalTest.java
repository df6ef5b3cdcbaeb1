package dev.moraine.ingest.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.ingest.peers.Deployment;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.testing.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a journal whose file was cut or changed. */
class DamagedJournalTest {
    private static final int BUNDLES = 12;

    @TempDir
    Path folder;

    private final Random random = Seed.random("DamagedJournalTest");
    private final List<Bundle> bundles = new ArrayList<>();
    /** Where the record of each bundle ends in the first file. */
    private final List<Long> ends = new ArrayList<>();

    private byte[] intact = new byte[0];

    @BeforeEach
    void fill() throws JournalException, IOException {
        try (CertificateJournal journal = open(folder.resolve("original"))) {
            for (int i = 0; i < BUNDLES; i++) {
                bundles.add(Certificates.bundle("bundle " + i, 1 + random.nextInt(4), Deployment.EPOCH));
                assertEquals("", Certificates.keep(journal, bundles.getLast()));
                ends.add(journal.sizeBytes());
            }
        }
        intact = Files.readAllBytes(firstFile(folder.resolve("original")));
    }

    private static CertificateJournal open(Path journal) throws JournalException {
        return CertificateJournal.open(Certificates.context(journal, Deployment.EPOCH));
    }

    private static Path firstFile(Path journal) throws IOException {
        try (Stream<Path> files = Files.list(journal)) {
            return files.filter(file -> file.toString().endsWith(".certificates")).sorted().findFirst().orElseThrow();
        }
    }

    private CertificateJournal reopen(String name, byte[] content) throws IOException, JournalException {
        Path copy = Files.createDirectory(folder.resolve(name));
        Files.write(copy.resolve(firstFile(folder.resolve("original")).getFileName()), content);
        return open(copy);
    }

    private static boolean holds(CertificateJournal journal, Bundle bundle) {
        return Certificates.blobCertificates(bundle).stream()
                .allMatch(certificate -> certificate.equals(journal.find(certificate.entry())));
    }

    @Test
    void whateverIsTornOffTheEndAllRecordsBeforeItAreKept() throws IOException, JournalException {
        for (int run = 0; run < 40; run++) {
            int cut = random.nextInt(intact.length + 1);
            try (CertificateJournal journal = reopen("cut-" + run, Arrays.copyOf(intact, cut))) {
                for (int i = 0; i < BUNDLES; i++) {
                    assertEquals(ends.get(i) <= cut, holds(journal, bundles.get(i)), "bundle " + i + ", cut at " + cut);
                }
                Bundle next = Certificates.bundle("next", 2, Deployment.EPOCH);
                assertEquals("", Certificates.keep(journal, next));
                assertTrue(holds(journal, next));
            }
        }
    }

    @Test
    void garbageAtTheEndIsCutOff() throws IOException, JournalException {
        byte[] longer = Arrays.copyOf(intact, intact.length + 1000);
        byte[] garbage = Seed.bytes(random, 1000);
        System.arraycopy(garbage, 0, longer, intact.length, garbage.length);
        try (CertificateJournal journal = reopen("garbage", longer)) {
            bundles.forEach(bundle -> assertTrue(holds(journal, bundle)));
            assertEquals(1000, journal.counters().truncatedBytes());
        }
        try (CertificateJournal journal = open(folder.resolve("garbage"))) {
            bundles.forEach(bundle -> assertTrue(holds(journal, bundle)));
            assertEquals(0, journal.counters().truncatedBytes());
        }
    }

    @Test
    void aFlippedBitLosesAtMostTheRecordThatItIsIn() throws IOException, JournalException {
        for (int run = 0; run < 60; run++) {
            byte[] damaged = intact.clone();
            int at = random.nextInt(damaged.length);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            try (CertificateJournal journal = reopen("flipped-" + run, damaged)) {
                for (int i = 0; i < BUNDLES; i++) {
                    long begin = i == 0 ? JournalSegment.HEADER_BYTES : ends.get(i - 1);
                    boolean isHit = at >= begin && at < ends.get(i);
                    assertTrue(isHit || holds(journal, bundles.get(i)), "bundle " + i + ", flipped at " + at);
                }
            }
        }
    }

    @Test
    void aRecordOfAnotherPlaceIsNotTakenForOne() throws IOException, JournalException {
        // The third record over the place of the first: good in itself, and of another position.
        byte[] damaged = intact.clone();
        int from = Math.toIntExact(ends.get(1));
        int length = Math.toIntExact(ends.get(2)) - from;
        System.arraycopy(intact, from, damaged, JournalSegment.HEADER_BYTES, Math.min(length, from));
        try (CertificateJournal journal = reopen("moved", damaged)) {
            assertTrue(journal.counters().damagedRegions() > 0);
            for (int i = 3; i < BUNDLES; i++) {
                assertTrue(holds(journal, bundles.get(i)));
            }
        }
    }
}
