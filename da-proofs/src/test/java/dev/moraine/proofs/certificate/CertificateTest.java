package dev.moraine.proofs.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeFixture;
import dev.moraine.testing.Seed;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Ten shards, f = 3, q = 7, on nine nodes, so that the second byte of the bitmap has seven unused bits.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CertificateTest {
    private static final int BITMAP_OFFSET = Statement.ENCODED_BYTES;
    private static final int AGGREGATE_OFFSET = BITMAP_OFFSET + 2;

    private final Random random = Seed.random("CertificateTest");
    private final CommitteeFixture fixture = CommitteeFixture.ofWeights(1, 1, 2, 1, 1, 1, 1, 1, 1);
    private final Committee committee = fixture.committee();
    private final Bundle bundle = BundleFixture.bundle(random, 5);
    private final Statement statement = bundle.statement(committee.deploymentId(), 12);
    private final Certificate certificate = signedBy(statement, List.of(0, 2, 3, 5, 7, 8));

    @Test
    void signersOfWeightQMakeAValidCertificate() throws InvalidEncodingException {
        assertEquals(CertificateVerdict.ACCEPT, certificate.verify(committee));
        byte[] encoded = certificate.encode();
        assertEquals(Certificate.encodedBytes(9), encoded.length);
        assertEquals(CertificateVerdict.ACCEPT, Certificate.verify(encoded, committee));
        Certificate decoded = Certificate.decode(encoded, 9);
        assertEquals(certificate, decoded);
        assertEquals(certificate.hashCode(), decoded.hashCode());
        assertEquals(List.of(0, 2, 3, 5, 7, 8), decoded.signers());
        assertEquals(CertificateVerdict.ACCEPT, signedBy(statement, allMembers()).verify(committee));
    }

    @Test
    void aWeightOfOneLessThanQIsTooLittle() {
        // Member 2 holds two shards, the others one.
        assertEquals(
                CertificateVerdict.TOO_LITTLE_WEIGHT,
                signedBy(statement, List.of(0, 1, 3, 4, 5, 6)).verify(committee));
        assertEquals(
                CertificateVerdict.ACCEPT, signedBy(statement, List.of(0, 1, 3, 4, 5, 2)).verify(committee));
        assertEquals(
                CertificateVerdict.TOO_LITTLE_WEIGHT,
                signedBy(statement, List.of(0, 1, 3, 4, 2)).verify(committee));
    }

    @Test
    void anEmptySetOfSignersIsRefused() {
        Certificate empty = new Certificate(statement, new byte[2], certificate.aggregate());
        assertEquals(CertificateVerdict.NO_SIGNERS, empty.verify(committee));
        assertEquals(CertificateVerdict.NO_SIGNERS, Certificate.verify(empty.encode(), committee));
    }

    @Test
    void aSignatureOfANonMemberSpoilsTheAggregate() {
        List<BlsSignature> signatures = signatures(statement, List.of(0, 2, 3, 5, 7));
        signatures.add(BlsSecretKey.generate(new SecureRandom()).sign(statement.encode()));
        Certificate spoiled = Certificate.of(statement, 9, List.of(0, 2, 3, 5, 7, 8), sum(signatures));
        assertEquals(CertificateVerdict.WRONG_SIGNATURE, spoiled.verify(committee));
    }

    @Test
    void aSignerCountedTwiceIsRefused() {
        List<Integer> fiveAndOneAgain = List.of(0, 2, 3, 5, 7, 7);
        Certificate twice = Certificate.of(statement, 9, fiveAndOneAgain, sum(signatures(statement, fiveAndOneAgain)));
        assertEquals(CertificateVerdict.TOO_LITTLE_WEIGHT, twice.verify(committee));
        List<Integer> enoughAndOneAgain = List.of(0, 2, 3, 5, 7, 8, 8);
        Certificate heavy =
                Certificate.of(statement, 9, enoughAndOneAgain, sum(signatures(statement, enoughAndOneAgain)));
        assertEquals(CertificateVerdict.WRONG_SIGNATURE, heavy.verify(committee));
    }

    @Test
    void aSignerMoreOrLessThanWasAddedIsRefused() {
        Certificate more = Certificate.of(statement, 9, allMembers(), certificate.aggregate());
        assertEquals(CertificateVerdict.WRONG_SIGNATURE, more.verify(committee));
        Certificate less = Certificate.of(
                statement, 9, List.of(0, 2, 3, 5, 7, 8), sum(signatures(statement, allMembers())));
        assertEquals(CertificateVerdict.WRONG_SIGNATURE, less.verify(committee));
    }

    @Test
    void anotherEpochIsRefused() {
        for (long epoch : new long[] {0, 11, 13, Long.MAX_VALUE}) {
            Statement other = bundle.statement(committee.deploymentId(), epoch);
            Certificate replayed = new Certificate(other, certificate.signerBitmap(), certificate.aggregate());
            assertEquals(CertificateVerdict.WRONG_SIGNATURE, replayed.verify(committee));
        }
    }

    @Test
    void anotherDeploymentIsRefused() {
        CommitteeFixture other = CommitteeFixture.ofWeights(1, 1, 2, 1, 1, 1, 1, 1, 1);
        assertEquals(CertificateVerdict.WRONG_DEPLOYMENT, certificate.verify(other.committee()));
        // The same nodes in another deployment: signed for that one, shown for this one.
        Statement elsewhere = bundle.statement(other.committee().deploymentId(), 12);
        Certificate signedElsewhere = signedBy(elsewhere, List.of(0, 2, 3, 5, 7, 8));
        assertEquals(CertificateVerdict.WRONG_DEPLOYMENT, signedElsewhere.verify(committee));
        Certificate relabelled =
                new Certificate(statement, signedElsewhere.signerBitmap(), signedElsewhere.aggregate());
        assertEquals(CertificateVerdict.WRONG_SIGNATURE, relabelled.verify(committee));
    }

    @Test
    void anotherBundleIsRefused() {
        Statement other = BundleFixture.bundle(random, 5).statement(committee.deploymentId(), 12);
        Certificate moved = new Certificate(other, certificate.signerBitmap(), certificate.aggregate());
        assertEquals(CertificateVerdict.WRONG_SIGNATURE, moved.verify(committee));
        Statement otherCount = new Statement(committee.deploymentId(), 12, 4, bundle.root());
        Certificate recounted = new Certificate(otherCount, certificate.signerBitmap(), certificate.aggregate());
        assertEquals(CertificateVerdict.WRONG_SIGNATURE, recounted.verify(committee));
    }

    @Test
    void unusedBitsOfTheBitmapMustBeZero() {
        for (int bit = 1; bit < 8; bit++) {
            byte[] bitmap = certificate.signerBitmap();
            bitmap[1] |= (byte) (1 << bit);
            Certificate marked = new Certificate(statement, bitmap, certificate.aggregate());
            assertEquals(CertificateVerdict.UNUSED_BITS_SET, marked.verify(committee));
            assertEquals(CertificateVerdict.UNUSED_BITS_SET, Certificate.verify(marked.encode(), committee));
        }
    }

    @Test
    void aFullLastByteHasNoUnusedBits() {
        CommitteeFixture eight = CommitteeFixture.ofWeights(1, 1, 1, 1, 1, 1, 1, 1);
        Statement own = bundle.statement(eight.committee().deploymentId(), 0);
        List<Integer> signers = List.of(7, 6, 5, 4, 3, 2);
        List<BlsSignature> signatures = new ArrayList<>();
        signers.forEach(signer -> signatures.add(eight.secrets().get(signer).sign(own.encode())));
        Certificate full = Certificate.of(own, 8, signers, sum(signatures));
        assertEquals(1, full.signerBitmap().length);
        assertEquals(CertificateVerdict.ACCEPT, Certificate.verify(full.encode(), eight.committee()));
    }

    @Test
    void aBitmapOfAnotherLengthIsRefused() {
        for (int length : new int[] {0, 1, 3, 24}) {
            byte[] bitmap = Arrays.copyOf(certificate.signerBitmap(), length);
            Certificate resized = new Certificate(statement, bitmap, certificate.aggregate());
            assertEquals(CertificateVerdict.WRONG_LENGTH, resized.verify(committee));
            assertEquals(CertificateVerdict.WRONG_LENGTH, Certificate.verify(resized.encode(), committee));
        }
    }

    @Test
    void everyOtherLengthIsRefused() {
        byte[] encoded = certificate.encode();
        for (int length = 0; length < encoded.length + 70; length++) {
            CertificateVerdict expected =
                    length == encoded.length ? CertificateVerdict.ACCEPT : CertificateVerdict.WRONG_LENGTH;
            assertEquals(expected, Certificate.verify(Arrays.copyOf(encoded, length), committee));
        }
    }

    @Test
    void anUnusableAggregateIsRefusedAndItsFaultNamed() {
        for (String[] point : BlsVectorTest.rows("point_g2", 17)) {
            byte[] encoded = certificate.encode();
            byte[] replacement = HexFormat.of().parseHex(point[1]);
            System.arraycopy(replacement, 0, encoded, AGGREGATE_OFFSET, replacement.length);
            if (point[2].equals("GOOD")) {
                assertEquals(CertificateVerdict.WRONG_SIGNATURE, Certificate.verify(encoded, committee));
                continue;
            }
            assertEquals(CertificateVerdict.BAD_POINT, Certificate.verify(encoded, committee));
            InvalidEncodingException e =
                    assertThrows(InvalidEncodingException.class, () -> Certificate.decode(encoded, 9));
            assertEquals(EncodingFault.BAD_POINT, e.fault());
            assertTrue(e.getCause() instanceof InvalidPointException cause
                    && cause.fault() == PointFault.valueOf(point[2]));
        }
    }

    @Test
    void everySingleFlippedBitIsRefusedAndNoneThrows() {
        byte[] encoded = certificate.encode();
        for (int bit = 0; bit < encoded.length * 8; bit++) {
            byte[] flipped = encoded.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            CertificateVerdict verdict = Certificate.verify(flipped, committee);
            assertNotEquals(CertificateVerdict.ACCEPT, verdict, "bit " + bit);
            if (bit < 16 * 8) {
                assertEquals(CertificateVerdict.WRONG_TAG, verdict, "bit " + bit);
            }
        }
    }

    @Test
    void randomBytesAreRefusedAndNoneThrows() {
        byte[] encoded = certificate.encode();
        for (int i = 0; i < 2_000; i++) {
            byte[] noise = encoded.clone();
            int from = random.nextInt(noise.length);
            int to = from + 1 + random.nextInt(noise.length - from);
            byte[] piece = Seed.bytes(random, to - from);
            System.arraycopy(piece, 0, noise, from, piece.length);
            if (!Arrays.equals(noise, encoded)) {
                assertNotEquals(CertificateVerdict.ACCEPT, Certificate.verify(noise, committee));
            }
        }
    }

    @Test
    void theBitmapCannotBeChangedFromOutside() {
        byte[] bitmap = certificate.signerBitmap();
        Certificate copy = new Certificate(statement, bitmap, certificate.aggregate());
        bitmap[0] = 0;
        copy.signerBitmap()[0] = 0;
        assertEquals(certificate, copy);
        assertFalse(copy.signers().isEmpty());
    }

    private Certificate signedBy(Statement signed, Collection<Integer> signers) {
        return Certificate.of(signed, 9, signers, sum(signatures(signed, signers)));
    }

    private List<BlsSignature> signatures(Statement signed, Collection<Integer> signers) {
        List<BlsSignature> signatures = new ArrayList<>();
        signers.forEach(signer -> signatures.add(fixture.secrets().get(signer).sign(signed.encode())));
        return signatures;
    }

    private static BlsSignature sum(List<BlsSignature> signatures) {
        return SignatureAggregator.aggregate(signatures).orElseThrow();
    }

    private static List<Integer> allMembers() {
        return IntStream.range(0, 9).boxed().toList();
    }
}
