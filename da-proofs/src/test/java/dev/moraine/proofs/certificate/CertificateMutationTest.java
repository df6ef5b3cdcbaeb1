package dev.moraine.proofs.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.AvailabilityVerdict.Outcome;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeFixture;
import dev.moraine.proofs.mutation.Mutator;
import dev.moraine.testing.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Certificates, bundle entries and verdicts that were damaged or spliced: none is accepted but those that were made by
 * signers of enough weight, byte for byte, and none makes a verifier throw.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CertificateMutationTest {
    private static final int ROUNDS = Mutator.rounds();

    private final Random random = Seed.random("CertificateMutationTest");
    private final Mutator mutator = new Mutator(random);
    /** Seven shards on six nodes, so that a byte of the bitmap has unused bits. */
    private final CommitteeFixture fixture = CommitteeFixture.ofWeights(2, 1, 1, 1, 1, 1);

    private final Committee committee = fixture.committee();
    private final List<byte[]> blobCertificates = new ArrayList<>();
    private final List<byte[]> certificates = new ArrayList<>();
    private final List<byte[]> verdicts = new ArrayList<>();

    CertificateMutationTest() {
        for (int count : new int[] {1, 2, 11, 64}) {
            Bundle bundle = BundleFixture.bundle(random, count);
            for (List<Integer> signers : List.of(List.of(0, 1, 2, 3), List.of(1, 2, 3, 4, 5), List.of(0, 3, 4, 5))) {
                Statement statement = bundle.statement(committee.deploymentId(), random.nextInt(9));
                Certificate certificate = Certificate.of(statement, 6, signers, sum(signers, statement.encode()));
                certificates.add(certificate.encode());
                // All of them: the entry of one fits the certificate of other signers of its bundle.
                for (int index = 0; index < count; index++) {
                    blobCertificates.add(bundle.blobCertificate(certificate, index).encode());
                }
            }
        }
        for (Outcome outcome : Outcome.values()) {
            for (List<Integer> signers : List.of(List.of(0, 1), List.of(3, 4, 5), List.of(0, 1, 2, 3, 4, 5))) {
                AvailabilityVerdict verdict = new AvailabilityVerdict(
                        outcome, committee.deploymentId(), BlobId.of(Seed.bytes(random, BlobId.BYTES)));
                verdicts.add(SignedVerdict.of(verdict, 6, signers, sum(signers, verdict.encode())).encode());
            }
        }
    }

    /** What tells whether encodings of a kind are accepted. */
    private interface Verifier {
        CertificateVerdict verify(byte[] encoded, Committee committee);
    }

    @Test
    void noBlobCertificateIsAcceptedButTheOnesThatWereMade() {
        run(blobCertificates, BlobCertificate::verify);
    }

    @Test
    void noCertificateIsAcceptedButTheOnesThatWereMade() {
        run(certificates, Certificate::verify);
    }

    @Test
    void noVerdictIsAcceptedButTheOnesThatWereMade() {
        run(verdicts, SignedVerdict::verify);
    }

    private void run(List<byte[]> made, Verifier verifier) {
        Set<ByteBuffer> good = new HashSet<>();
        made.forEach(each -> good.add(ByteBuffer.wrap(each)));
        List<byte[]> all = new ArrayList<>(blobCertificates);
        all.addAll(certificates);
        all.addAll(verdicts);
        int accepted = 0;
        for (int round = 0; round < ROUNDS / 3; round++) {
            byte[] original = made.get(random.nextInt(made.size()));
            byte[] mutated = mutator.mutate(
                    original, () -> random.nextBoolean() ? any(made) : any(all));
            boolean isGood = good.contains(ByteBuffer.wrap(mutated));
            CertificateVerdict verdict = verifier.verify(mutated, committee);
            assertEquals(isGood, verdict == CertificateVerdict.ACCEPT, verdict.name());
            accepted += isGood ? 1 : 0;
        }
        assertTrue(accepted > ROUNDS / 300, "the campaign also shows that good ones are accepted");
    }

    private byte[] any(List<byte[]> from) {
        return from.get(random.nextInt(from.size()));
    }

    private BlsSignature sum(List<Integer> signers, byte[] message) {
        return SignatureAggregator.aggregate(signers.stream()
                        .map(signer -> fixture.secrets().get(signer).sign(message))
                        .toList())
                .orElseThrow();
    }
}
