package dev.moraine.proofs.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.AvailabilityVerdict.Outcome;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeFixture;
import dev.moraine.testing.Seed;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Seven shards on six nodes, f = 2; node 0 holds two of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignedVerdictTest {
    private static final int NODES = 6;
    private static final int BITMAP_OFFSET = 80;

    private final Random random = Seed.random("SignedVerdictTest");
    private final CommitteeFixture fixture = CommitteeFixture.ofWeights(2, 1, 1, 1, 1, 1);
    private final Committee committee = fixture.committee();
    private final SignedVerdict signed = signedBy(Outcome.WRONG, List.of(0, 5));

    @Test
    void aVerdictOfEnoughWeightSurvivesItsEncoding() throws InvalidEncodingException {
        byte[] encoded = signed.encode();
        assertEquals(SignedVerdict.encodedBytes(NODES), encoded.length);
        SignedVerdict decoded = SignedVerdict.decode(encoded, NODES);
        assertEquals(signed, decoded);
        assertEquals(signed.hashCode(), decoded.hashCode());
        assertEquals(CertificateVerdict.ACCEPT, decoded.verify(committee));
        assertEquals(CertificateVerdict.ACCEPT, SignedVerdict.verify(encoded, committee));
    }

    @Test
    void aWeightOfFIsTooLittle() {
        assertEquals(CertificateVerdict.TOO_LITTLE_WEIGHT, signedBy(Outcome.WHOLE, List.of(0)).verify(committee));
        assertEquals(CertificateVerdict.TOO_LITTLE_WEIGHT, signedBy(Outcome.WHOLE, List.of(2, 4)).verify(committee));
        assertEquals(CertificateVerdict.ACCEPT, signedBy(Outcome.WHOLE, List.of(2, 3, 4)).verify(committee));
    }

    @Test
    void everySingleFlippedBitIsRefusedAndNoneThrows() {
        byte[] encoded = signed.encode();
        for (int bit = 0; bit < encoded.length * 8; bit++) {
            byte[] flipped = encoded.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            CertificateVerdict verdict = SignedVerdict.verify(flipped, committee);
            assertNotEquals(CertificateVerdict.ACCEPT, verdict, "bit " + bit);
            if (bit < 16 * 8) {
                assertEquals(CertificateVerdict.WRONG_TAG, verdict, "bit " + bit);
            }
        }
    }

    @Test
    void everyOtherLengthIsRefused() {
        byte[] encoded = signed.encode();
        for (int length = 0; length < encoded.length + 70; length++) {
            CertificateVerdict expected =
                    length == encoded.length ? CertificateVerdict.ACCEPT : CertificateVerdict.WRONG_LENGTH;
            assertEquals(expected, SignedVerdict.verify(Arrays.copyOf(encoded, length), committee));
        }
    }

    @Test
    void unusedBitsOfTheBitmapMustBeZero() {
        for (int bit = NODES; bit < 8; bit++) {
            byte[] encoded = signed.encode();
            encoded[BITMAP_OFFSET] |= (byte) (1 << bit);
            assertEquals(CertificateVerdict.UNUSED_BITS_SET, SignedVerdict.verify(encoded, committee));
        }
    }

    @Test
    void anUnusableAggregateIsRefused() {
        for (String[] point : BlsVectorTest.rows("point_g2", 17)) {
            byte[] encoded = signed.encode();
            byte[] replacement = HexFormat.of().parseHex(point[1]);
            System.arraycopy(replacement, 0, encoded, BITMAP_OFFSET + 1, replacement.length);
            CertificateVerdict expected =
                    point[2].equals("GOOD") ? CertificateVerdict.WRONG_SIGNATURE : CertificateVerdict.BAD_POINT;
            assertEquals(expected, SignedVerdict.verify(encoded, committee));
        }
    }

    @Test
    void theAggregateIsReadLast() {
        byte[] encoded = signed.encode();
        Arrays.fill(encoded, BITMAP_OFFSET + 1, encoded.length, (byte) 0xFF);
        assertEquals(CertificateVerdict.BAD_POINT, SignedVerdict.verify(encoded, committee));
        encoded[BITMAP_OFFSET] = 1;
        assertEquals(CertificateVerdict.TOO_LITTLE_WEIGHT, SignedVerdict.verify(encoded, committee));
        encoded[BITMAP_OFFSET] = 0;
        assertEquals(CertificateVerdict.NO_SIGNERS, SignedVerdict.verify(encoded, committee));
        encoded[20] ^= 1;
        assertEquals(CertificateVerdict.WRONG_DEPLOYMENT, SignedVerdict.verify(encoded, committee));
    }

    @Test
    void aStatementOrAVerdictOfAnotherDeploymentIsNoVerdict() {
        CommitteeFixture other = CommitteeFixture.ofWeights(2, 1, 1, 1, 1, 1);
        assertEquals(CertificateVerdict.WRONG_DEPLOYMENT, SignedVerdict.verify(signed.encode(), other.committee()));
        byte[] statement = BundleFixture.bundle(random, 3)
                .statement(committee.deploymentId(), 4)
                .encode();
        byte[] confused = Arrays.copyOf(statement, SignedVerdict.encodedBytes(NODES));
        assertEquals(CertificateVerdict.WRONG_TAG, SignedVerdict.verify(confused, committee));
    }

    private SignedVerdict signedBy(Outcome outcome, List<Integer> signers) {
        AvailabilityVerdict verdict =
                new AvailabilityVerdict(outcome, committee.deploymentId(), BlobId.of(Seed.bytes(random, BlobId.BYTES)));
        List<BlsSignature> signatures = signers.stream()
                .map(signer -> fixture.secrets().get(signer).sign(verdict.encode()))
                .toList();
        return SignedVerdict.of(
                verdict, NODES, signers, SignatureAggregator.aggregate(signatures).orElseThrow());
    }
}
