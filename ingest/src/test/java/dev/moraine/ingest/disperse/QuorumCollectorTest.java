package dev.moraine.ingest.disperse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.ingest.peers.Deployment;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.proofs.certificate.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuorumCollectorTest {
    /** n = 10, f = 3, q = 7; weights 3, 2, 2, 1, 1, 1. */
    private static final Deployment DEPLOYMENT = Deployment.of(3, 2, 2, 1, 1, 1);

    private static final Statement STATEMENT = new Bundle(List.of(Batches.entry("a", 1, 10)))
            .statement(DEPLOYMENT.committee().deploymentId(), 5);
    private static final Statement OTHER = new Bundle(List.of(Batches.entry("b", 1, 10)))
            .statement(DEPLOYMENT.committee().deploymentId(), 5);

    private final QuorumCollector collector = new QuorumCollector(DEPLOYMENT.committee(), STATEMENT);
    private final List<Integer> bad = new ArrayList<>();

    private void sign(int member, Statement statement) {
        assertTrue(collector.add(
                member, DEPLOYMENT.secretKeys().get(member).sign(statement.encode()).encode()));
    }

    @Test
    void shardsCountNotNodes() {
        for (int member : new int[] {5, 4, 3, 2}) {
            sign(member, STATEMENT);
            assertNull(collector.certify(bad::add));
        }
        assertEquals(5, collector.weight());
        sign(1, STATEMENT);
        Certificate certificate = collector.certify(bad::add);
        assertNotNull(certificate);
        assertEquals(CertificateVerdict.ACCEPT, certificate.verify(DEPLOYMENT.committee()));
        assertEquals(List.of(1, 2, 3, 4, 5), certificate.signers());
        assertTrue(bad.isEmpty());
    }

    @Test
    void whoSignedSomethingElseIsNamedAndDroppedAndTheRestGoOn() {
        sign(0, STATEMENT);
        sign(1, OTHER);
        sign(2, STATEMENT);
        assertNull(collector.certify(bad::add));
        assertEquals(List.of(1), bad);
        assertEquals(5, collector.weight());
        sign(3, STATEMENT);
        sign(4, OTHER);
        assertNull(collector.certify(bad::add));
        assertEquals(List.of(1, 4), bad);
        sign(5, STATEMENT);
        Certificate certificate = collector.certify(bad::add);
        assertNotNull(certificate);
        assertEquals(List.of(0, 2, 3, 5), certificate.signers());
    }

    @Test
    void aSecondSignatureOfTheSameNodeAddsNoWeight() {
        sign(0, STATEMENT);
        sign(0, STATEMENT);
        assertEquals(3, collector.weight());
    }

    @Test
    void bytesThatAreNoPointAreNoSignature() {
        assertFalse(collector.add(0, new byte[96]));
        assertFalse(collector.add(0, new byte[5]));
        assertEquals(0, collector.weight());
    }
}
