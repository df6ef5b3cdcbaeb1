package dev.moraine.proofs.proof;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.certificate.AvailabilityVerdict;
import dev.moraine.proofs.certificate.AvailabilityVerdict.Outcome;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.BlsSignature;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.CertificateAssembly;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.certificate.SignatureAggregator;
import dev.moraine.proofs.certificate.SignedVerdict;
import dev.moraine.proofs.certificate.Statement;
import dev.moraine.proofs.committee.CommitteeFixture;
import dev.moraine.proofs.evm.EvmCalls;
import dev.moraine.proofs.evm.EvmVerifier;
import dev.moraine.proofs.evm.EvmVerifier.Answer;
import dev.moraine.testing.Seed;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Calldata as it is made, in an EVM. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CalldataInEvmTest {
    private static final int WORD_BYTES = 32;
    private static final long EPOCH = 12;
    private static final long EXPIRY_EPOCH = 20;

    private final Random random = Seed.random("CalldataInEvmTest");
    private final CommitteeFixture fixture = CommitteeFixture.ofWeights(1, 1, 1, 2, 2);
    private final ProvedBlob blob = ProvedBlob.random(random, 7, 40_001);

    @SuppressWarnings("NullAway.Init") // set before every test
    private EvmVerifier evm;

    @BeforeAll
    void startEvm() {
        evm = EvmVerifier.start("prague");
    }

    @AfterAll
    void stopEvm() {
        if (evm != null) {
            evm.close();
        }
    }

    @Test
    void wordsComeOutOfTheirCalldata() {
        for (long offset : new long[] {0, 1_024, 32L * random.nextInt(1_250), 40_000}) {
            ChunkRun run = ChunkRun.covering(blob.header(), offset, 1).getFirst();
            ChunkProof proof = ChunkProof.of(blob.commitment(), blob.matrixBytes(), run).getFirst();
            Answer answer = evm.call("calldata", EvmCalls.wordAt(blob.header(), proof, offset));
            byte[] expected = Arrays.copyOfRange(blob.bytes(), (int) offset, (int) offset + WORD_BYTES);
            assertArrayEquals(expected, answer.returned(), answer::toString);
            for (long wrong : new long[] {-32, 1, offset + 1, 40_032, Long.MAX_VALUE}) {
                assertThrows(IllegalArgumentException.class, () -> EvmCalls.wordAt(blob.header(), proof, wrong));
            }
        }
    }

    @Test
    void certificatesAndVerdictsAreAcceptedInTheirCalldata() {
        BundleEntry entry =
                new BundleEntry(blob.id(), Namespace.parse("evm"), blob.header().lengthBytes(), EXPIRY_EPOCH);
        Bundle bundle = new Bundle(List.of(entry));
        Statement statement = bundle.statement(fixture.committee().deploymentId(), EPOCH);
        Map<Integer, BlsSignature> signatures = new HashMap<>();
        for (int member : new int[] {0, 2, 3, 4}) {
            signatures.put(member, fixture.secrets().get(member).sign(statement.encode()));
        }
        BlobCertificate certificate = bundle.blobCertificate(
                CertificateAssembly.assemble(fixture.committee(), statement, signatures)
                        .certificate()
                        .orElseThrow(),
                0);
        Answer accepted = evm.call("calldata", EvmCalls.verifyBlobCertificate(fixture.committee(), certificate));
        assertTrue(accepted.isAccepted(), accepted::toString);
        assertArrayEquals(
                blob.id().toBytes(), Arrays.copyOfRange(accepted.returned(), WORD_BYTES, 2 * WORD_BYTES));

        for (Outcome outcome : Outcome.values()) {
            Answer verdict = evm.call("calldata", EvmCalls.verifyVerdict(fixture.committee(), verdict(outcome, 3, 4)));
            assertTrue(verdict.isAccepted(), verdict::toString);
            assertEquals(outcome == Outcome.WHOLE ? 1 : 0, verdict.returned()[WORD_BYTES - 1]);
            assertArrayEquals(
                    blob.id().toBytes(), Arrays.copyOfRange(verdict.returned(), WORD_BYTES, 2 * WORD_BYTES));
        }
        Answer tooFew = evm.call("calldata", EvmCalls.verifyVerdict(fixture.committee(), verdict(Outcome.WHOLE, 3)));
        assertEquals("TooLittleWeight", tooFew.result());
    }

    private SignedVerdict verdict(Outcome outcome, int... signers) {
        AvailabilityVerdict verdict =
                new AvailabilityVerdict(outcome, fixture.committee().deploymentId(), blob.id());
        List<Integer> places = Arrays.stream(signers).boxed().toList();
        List<BlsSignature> signatures = places.stream()
                .map(place -> fixture.secrets().get(place).sign(verdict.encode()))
                .toList();
        return SignedVerdict.of(
                verdict,
                fixture.committee().members().size(),
                places,
                SignatureAggregator.aggregate(signatures).orElseThrow());
    }
}
