package dev.moraine.node.storagenode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.BlsSignature;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.proofs.certificate.SignatureAggregator;
import dev.moraine.proofs.certificate.Statement;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.CertificateAnswer;
import dev.moraine.wire.message.CertificateKept;
import dev.moraine.wire.message.CertificatePut;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.GetCertificate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that a node is handed for keeping. */
class KeptCertificateTest {
    private static final List<Integer> QUORUM = List.of(0, 1, 3);

    private final Random random = Seed.random("KeptCertificateTest");

    @TempDir
    private Path folder;

    private NodeFixture fixture;
    private List<BundleEntry> entries;

    @BeforeEach
    void open() throws Exception {
        fixture = NodeFixture.of(folder);
        entries = List.of(entry(NodeFixture.EXPIRY), entry(NodeFixture.EXPIRY + 1), entry(NodeFixture.EXPIRY));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aGoodCertificateSurvivesARestartForEveryEntry() throws Exception {
        Certificate certificate = certify(fixture.statement(entries), QUORUM);
        put(certificate.encode(), entries).await(CertificateKept.class);

        fixture.restart();

        // No pair of any of these blobs is held here.
        for (BundleEntry entry : entries) {
            byte[] encoded = certificateOf(entry).await(CertificateAnswer.class).blobCertificate();
            assertEquals(CertificateVerdict.ACCEPT, BlobCertificate.verify(encoded, fixture.committee()));
            assertEquals(entry, BlobCertificate.decode(encoded, 4).entry());
        }
        assertEquals(1, fixture.node().storeHealth().certificates());
    }

    @Test
    void theSameCertificateIsKeptOnce() {
        byte[] certificate = certify(fixture.statement(entries), QUORUM).encode();
        put(certificate, entries).await(CertificateKept.class);
        put(certificate, entries).await(CertificateKept.class);

        assertEquals(1, fixture.node().storeHealth().certificates());
    }

    @Test
    void tooFewSignersMakeNoCertificate() {
        put(certify(fixture.statement(entries), QUORUM).encode(), entries).await(CertificateKept.class);
        List<BundleEntry> others = List.of(entry(NodeFixture.EXPIRY));

        assertRefused(FailureCode.BAD_PROOF, certify(fixture.statement(others), List.of(0, 1)).encode(), others);
    }

    @Test
    void aCertificateOfAnotherDeploymentIsNone() {
        Statement elsewhere = new Bundle(entries)
                .statement(SampleCommittee.OF_SEVEN_SHARDS.committee().deploymentId(), NodeFixture.EPOCH);

        assertRefused(FailureCode.BAD_PROOF, certify(elsewhere, QUORUM).encode(), entries);
    }

    @Test
    void theEntriesAreThoseOfTheCertificate() {
        byte[] certificate = certify(fixture.statement(entries), QUORUM).encode();
        List<BundleEntry> swapped = List.of(entries.get(1), entries.get(0), entries.get(2));

        assertRefused(FailureCode.BAD_PROOF, certificate, entries.subList(0, 2));
        assertRefused(FailureCode.BAD_PROOF, certificate, swapped);
        assertRefused(FailureCode.BAD_PROOF, certificate, List.of(entries.get(0), entries.get(0), entries.get(2)));
    }

    @Test
    void damagedCertificatesAreRefused() {
        byte[] good = certify(fixture.statement(entries), QUORUM).encode();
        for (int i = 0; i < 30; i++) {
            byte[] damaged = good.clone();
            damaged[i * (good.length - 1) / 29] ^= 1;
            Failure failure = put(damaged, entries).await(Failure.class);
            assertTrue(Set.of(FailureCode.BAD_PROOF, FailureCode.MALFORMED).contains(failure.code()));
        }
        assertRefused(FailureCode.MALFORMED, Arrays.copyOf(good, good.length + 1), entries);
        assertRefused(FailureCode.MALFORMED, Arrays.copyOf(good, good.length - 1), entries);
    }

    @Test
    void aCertificateOfWhichEverythingExpiredIsNotKept() {
        byte[] certificate = certify(fixture.statement(entries), QUORUM).encode();
        fixture.clock().setTime(NodeFixture.epochStartMs(NodeFixture.EXPIRY + 1));
        put(certificate, entries).await(CertificateKept.class);

        fixture.clock().setTime(NodeFixture.epochStartMs(NodeFixture.EXPIRY + 2));
        assertRefused(FailureCode.EXPIRED, certificate, entries);
    }

    private void assertRefused(FailureCode code, byte[] certificate, List<BundleEntry> claimed) {
        long keptBefore = fixture.node().storeHealth().certificates();
        assertEquals(code, put(certificate, claimed).await(Failure.class).code());
        assertEquals(keptBefore, fixture.node().storeHealth().certificates());
    }

    private Exchange put(byte[] certificate, List<BundleEntry> claimed) {
        return Exchange.start(
                fixture.connection(), id -> new CertificatePut(id, certificate, NodeFixture.wireEntries(claimed)));
    }

    private Exchange certificateOf(BundleEntry entry) {
        return Exchange.start(fixture.connection(), id -> new GetCertificate(id, entry.blobId().toBytes()));
    }

    private static Certificate certify(Statement statement, List<Integer> signers) {
        List<BlsSignature> signatures = new ArrayList<>();
        for (int signer : signers) {
            signatures.add(SampleCommittee.OF_FOUR_SHARDS.keys().get(signer).sign(statement.encode()));
        }
        return Certificate.of(statement, 4, signers, SignatureAggregator.aggregate(signatures).orElseThrow());
    }

    private BundleEntry entry(long expiryEpoch) {
        return SampleBlob.random(random, fixture.geometry(), 100).entry(expiryEpoch);
    }
}
