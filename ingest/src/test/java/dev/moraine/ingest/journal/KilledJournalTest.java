package dev.moraine.ingest.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.ingest.peers.Deployment;
import dev.moraine.proofs.certificate.BlsSecretKey;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.testing.Seed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that keeps certificates is killed at a random moment, again and again. */
class KilledJournalTest {
    private static final int KILLS = 3;

    @TempDir
    Path folder;

    @Test
    void noAcknowledgedCertificateIsLostWhenTheProcessIsKilled() throws Exception {
        Random random = Seed.random("KilledJournalTest");
        List<String> acknowledged = new ArrayList<>();
        for (int run = 0; run < KILLS; run++) {
            acknowledged.addAll(runAndKill("run " + run, 1 + random.nextInt(300)));
        }
        assertTrue(acknowledged.size() >= KILLS, "nothing was acknowledged");
        try (CertificateJournal journal = Writer.open(folder)) {
            for (String name : acknowledged) {
                BundleEntry entry = Writer.bundle(name).entries().getFirst();
                assertNotNull(journal.find(entry), name + " was acknowledged and is lost");
            }
        }
    }

    private List<String> runAndKill(String name, int acknowledgements) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        folder.toString(),
                        name)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> acknowledged = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            while (acknowledged.size() < acknowledgements) {
                String line = lines.readLine();
                assertNotNull(line, "the process ended by itself");
                acknowledged.add(line);
            }
            // The process's own method would close the stream, too.
            process.toHandle().destroyForcibly();
            // What it wrote before the kill is acknowledged, too; a line that is cut off is not.
            StringBuilder rest = new StringBuilder();
            for (int c = lines.read(); c >= 0; c = lines.read()) {
                rest.append((char) c);
            }
            List<String> more = List.of(rest.toString().split("\n", -1));
            acknowledged.addAll(more.subList(0, more.size() - 1));
        } finally {
            process.destroyForcibly();
            assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        }
        return acknowledged;
    }

    /** Keeps certificates for ever and prints the name of each as soon as it is durable. */
    static final class Writer {
        private static final int IN_FLIGHT = 8;

        private Writer() {}

        public static void main(String[] arguments) throws Exception {
            PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            CertificateJournal journal = open(Path.of(arguments[0]));
            List<Pending> pending = new ArrayList<>();
            for (int i = 0; ; i++) {
                String name = arguments[1] + " bundle " + i;
                pending.add(new Pending(name, Certificates.start(journal, bundle(name))));
                if (pending.size() == IN_FLIGHT) {
                    Pending oldest = pending.removeFirst();
                    assertEquals("", oldest.answer().join());
                    out.print(oldest.name() + "\n");
                    out.flush();
                }
            }
        }

        private record Pending(String name, CompletableFuture<String> answer) {}

        static Bundle bundle(String name) {
            return Certificates.bundle(name, 1 + name.length() % 3, Deployment.EPOCH);
        }

        static CertificateJournal open(Path folder) throws Exception {
            return CertificateJournal.open(Certificates.context(folder, Deployment.EPOCH)
                    .segmentBytes(1 << 14)
                    .committee(committee()));
        }

        /** The same in every process: the deployment of a journal must be. */
        private static Committee committee() throws Exception {
            List<CommitteeMember> members = new ArrayList<>();
            for (int i = 0; i < Certificates.MEMBERS; i++) {
                byte[] seed = new byte[32];
                seed[31] = (byte) (i + 1);
                BlsSecretKey key = BlsSecretKey.fromBytes(seed);
                members.add(new CommitteeMember(
                        "node-" + i, "127.0.0.1", 1 + i, key.publicKey(), key.proofOfPossession(), i, 1));
            }
            return Committee.of(Certificates.MEMBERS, 0, 3600, Deployment.RETENTION_EPOCHS, members);
        }
    }
}
