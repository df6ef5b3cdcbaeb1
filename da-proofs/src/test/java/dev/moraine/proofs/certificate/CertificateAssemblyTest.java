package dev.moraine.proofs.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeFixture;
import dev.moraine.testing.Seed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Ten shards on nine nodes, f = 3, q = 7; node 2 holds two of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CertificateAssemblyTest {
    private final Random random = Seed.random("CertificateAssemblyTest");
    private final CommitteeFixture fixture = CommitteeFixture.ofWeights(1, 1, 2, 1, 1, 1, 1, 1, 1);
    private final Committee committee = fixture.committee();
    private final Statement statement = BundleFixture.bundle(random, 3).statement(committee.deploymentId(), 5);
    private final Statement another = BundleFixture.bundle(random, 3).statement(committee.deploymentId(), 5);

    @Test
    void signaturesOfWeightQBecomeAValidCertificate() {
        CertificateAssembly assembly = assemble(signed(0, 1, 2, 4, 6, 8));
        Certificate certificate = assembly.certificate().orElseThrow();
        assertEquals(CertificateVerdict.ACCEPT, certificate.verify(committee));
        assertEquals(List.of(0, 1, 2, 4, 6, 8), certificate.signers());
        assertEquals(List.of(), assembly.badMembers());
    }

    @Test
    void signaturesOfLessWeightWaitForMore() {
        assertEquals(new CertificateAssembly(Optional.empty(), List.of()), assemble(signed(0, 1, 4, 6, 8, 3)));
        assertEquals(new CertificateAssembly(Optional.empty(), List.of()), assemble(Map.of()));
    }

    @Test
    void badSignaturesAreNamedAndDoNotStopTheGoodOnes() {
        Map<Integer, BlsSignature> signatures = signed(0, 1, 2, 3, 4, 5, 6, 7, 8);
        for (int member : new int[] {1, 4, 8}) {
            signatures.put(member, fixture.secrets().get(member).sign(another.encode()));
        }
        CertificateAssembly assembly = assemble(signatures);
        assertEquals(List.of(1, 4, 8), assembly.badMembers());
        Certificate certificate = assembly.certificate().orElseThrow();
        assertEquals(List.of(0, 2, 3, 5, 6, 7), certificate.signers());
        assertEquals(CertificateVerdict.ACCEPT, certificate.verify(committee));
    }

    @Test
    void badSignaturesAreNamedEvenIfTooFewGoodOnesAreLeft() {
        Map<Integer, BlsSignature> signatures = signed(0, 1, 2, 3, 4, 5);
        signatures.put(2, fixture.secrets().get(2).sign(another.encode()));
        CertificateAssembly assembly = assemble(signatures);
        assertTrue(assembly.certificate().isEmpty());
        assertEquals(List.of(2), assembly.badMembers());
    }

    @Test
    void aMemberWhoAnswersWithAnothersSignatureIsBad() {
        Map<Integer, BlsSignature> signatures = signed(0, 1, 2, 3, 4, 5, 6);
        signatures.put(6, signatures.get(5));
        CertificateAssembly assembly = assemble(signatures);
        assertEquals(List.of(6), assembly.badMembers());
        assertEquals(List.of(0, 1, 2, 3, 4, 5), assembly.certificate().orElseThrow().signers());
    }

    @Test
    void aMemberWhoCancelsAllOthersIsBad() throws InvalidPointException {
        Map<Integer, BlsSignature> signatures = signed(0, 1, 2, 3, 4, 5);
        byte[] negated = SignatureAggregator.aggregate(List.copyOf(signatures.values()))
                .orElseThrow()
                .encode();
        negated[0] ^= 0x20;
        signatures.put(8, BlsSignature.decode(negated));
        CertificateAssembly assembly = assemble(signatures);
        assertEquals(List.of(8), assembly.badMembers());
        assertEquals(List.of(0, 1, 2, 3, 4, 5), assembly.certificate().orElseThrow().signers());
    }

    @Test
    void placesOfNobodyAreRefused() {
        Map<Integer, BlsSignature> signatures = signed(0, 1);
        signatures.put(9, signatures.get(0));
        assertThrows(IndexOutOfBoundsException.class, () -> assemble(signatures));
    }

    private CertificateAssembly assemble(Map<Integer, BlsSignature> signatures) {
        return CertificateAssembly.assemble(committee, statement, signatures);
    }

    private Map<Integer, BlsSignature> signed(int... members) {
        Map<Integer, BlsSignature> signatures = new HashMap<>();
        for (int member : members) {
            signatures.put(member, fixture.secrets().get(member).sign(statement.encode()));
        }
        return signatures;
    }
}
