package dev.moraine.proofs.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.AvailabilityVerdict.Outcome;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeFixture;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Seven shards on six nodes, f = 2; node 0 holds two of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AvailabilityVerdictTest {
    private final Random random = Seed.random("AvailabilityVerdictTest");
    private final CommitteeFixture fixture = CommitteeFixture.ofWeights(2, 1, 1, 1, 1, 1);
    private final Committee committee = fixture.committee();
    private final BlobId blobId = new BlobId(BundleFixture.digest(random));
    private final AvailabilityVerdict whole =
            new AvailabilityVerdict(Outcome.WHOLE, committee.deploymentId(), blobId);

    @Test
    void oneShardMoreThanMayLieMakesAVerdictBinding() {
        assertEquals(CertificateVerdict.ACCEPT, verify(whole, whole, 0, 1));
        assertEquals(CertificateVerdict.ACCEPT, verify(whole, whole, 3, 4, 5));
        assertEquals(CertificateVerdict.TOO_LITTLE_WEIGHT, verify(whole, whole, 0));
        assertEquals(CertificateVerdict.TOO_LITTLE_WEIGHT, verify(whole, whole, 4, 5));
    }

    @Test
    void aVerdictIsNeitherTheOppositeNorOfAnotherBlob() {
        AvailabilityVerdict wrong = new AvailabilityVerdict(Outcome.WRONG, whole.deploymentId(), blobId);
        assertEquals(CertificateVerdict.ACCEPT, verify(wrong, wrong, 0, 1));
        assertEquals(CertificateVerdict.WRONG_SIGNATURE, verify(whole, wrong, 0, 1));
        assertEquals(CertificateVerdict.WRONG_SIGNATURE, verify(wrong, whole, 0, 1));
        AvailabilityVerdict other = new AvailabilityVerdict(
                Outcome.WHOLE, whole.deploymentId(), new BlobId(BundleFixture.digest(random)));
        assertEquals(CertificateVerdict.WRONG_SIGNATURE, verify(other, whole, 0, 1));
    }

    @Test
    void aVerdictOfAnotherDeploymentIsRefused() {
        Digest elsewhere = BundleFixture.digest(random);
        AvailabilityVerdict foreign = new AvailabilityVerdict(Outcome.WHOLE, elsewhere, blobId);
        assertEquals(CertificateVerdict.WRONG_DEPLOYMENT, verify(foreign, foreign, 0, 1));
    }

    @Test
    void bitmapsAreCheckedAsInCertificates() {
        BlsSignature signature = fixture.secrets().get(0).sign(whole.encode());
        assertEquals(CertificateVerdict.NO_SIGNERS, whole.verify(committee, new byte[1], signature));
        assertEquals(CertificateVerdict.WRONG_LENGTH, whole.verify(committee, new byte[0], signature));
        assertEquals(CertificateVerdict.WRONG_LENGTH, whole.verify(committee, new byte[2], signature));
        assertEquals(CertificateVerdict.UNUSED_BITS_SET, whole.verify(committee, new byte[] {0x43}, signature));
    }

    private CertificateVerdict verify(AvailabilityVerdict shown, AvailabilityVerdict signed, int... members) {
        List<BlsSignature> signatures = new ArrayList<>();
        List<Integer> signers = new ArrayList<>();
        for (int member : members) {
            signers.add(member);
            signatures.add(fixture.secrets().get(member).sign(signed.encode()));
        }
        return shown.verify(
                committee,
                SignerBitmap.of(signers, 6),
                SignatureAggregator.aggregate(signatures).orElseThrow());
    }
}
