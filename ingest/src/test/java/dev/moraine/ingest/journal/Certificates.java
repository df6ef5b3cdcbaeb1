package dev.moraine.ingest.journal;

import dev.moraine.ingest.peers.Deployment;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.BlsSignature;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.certificate.Statement;
import dev.moraine.proofs.hash.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Certificates of one deployment, whose signature is one of something else: a journal keeps what it is given. */
final class Certificates {
    static final Deployment DEPLOYMENT = Deployment.of(1, 1, 1, 1);
    static final int MEMBERS = 4;
    static final Namespace NAMESPACE = Namespace.parse("rollup");

    private static final BlsSignature SIGNATURE =
            DEPLOYMENT.secretKeys().getFirst().sign(new byte[] {1});

    private Certificates() {}

    /** A context that suits a test, at an epoch. */
    static JournalContext context(Path folder, long epoch) {
        return new JournalContext()
                .folder(folder)
                .committee(DEPLOYMENT.committee())
                .currentEpoch(() -> epoch);
    }

    static BundleEntry entry(String name, long expiryEpoch) {
        BlobId id = new BlobId(Sha256.digest(name.getBytes(StandardCharsets.UTF_8)));
        return new BundleEntry(id, NAMESPACE, 100, expiryEpoch);
    }

    /** A bundle of so many entries, whose names begin with the same. */
    static Bundle bundle(String name, int entries, long expiryEpoch) {
        return new Bundle(IntStream.range(0, entries)
                .mapToObj(i -> entry(name + " " + i, expiryEpoch))
                .toList());
    }

    static Certificate certificate(Bundle bundle) {
        Statement statement = bundle.statement(DEPLOYMENT.committee().deploymentId(), Deployment.EPOCH);
        return Certificate.of(statement, MEMBERS, Set.of(0, 1, 2), SIGNATURE);
    }

    static List<BlobCertificate> blobCertificates(Bundle bundle) {
        Certificate certificate = certificate(bundle);
        return IntStream.range(0, bundle.entries().size())
                .mapToObj(i -> bundle.blobCertificate(certificate, i))
                .toList();
    }

    /** Keeps a bundle and waits for the answer: empty, or why not. */
    static String keep(CertificateJournal journal, Bundle bundle) {
        return start(journal, bundle).orTimeout(20, TimeUnit.SECONDS).join();
    }

    static CompletableFuture<String> start(CertificateJournal journal, Bundle bundle) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        journal.append(certificate(bundle), bundle, new DurabilityListener() {
            @Override
            public void onDurable() {
                answer.complete("");
            }

            @Override
            public void onNotDurable(String why) {
                answer.complete(why);
            }
        });
        return answer;
    }

    /** Notes that the first so many members keep a bundle's certificate. */
    static void deliver(CertificateJournal journal, Bundle bundle, int keepers) {
        BitSet members = new BitSet();
        members.set(0, keepers);
        journal.noteDelivered(certificate(bundle), bundle, members);
    }
}
