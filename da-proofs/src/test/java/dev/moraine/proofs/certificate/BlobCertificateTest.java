package dev.moraine.proofs.certificate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeFixture;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerklePath;
import dev.moraine.proofs.merkle.MerkleTree;
import dev.moraine.testing.Seed;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BlobCertificateTest {
    private static final int NODES = 4;
    private static final int COUNT = 11;
    private static final int ENTRY_OFFSET = 92 + 1 + 96;
    private static final int INDEX_OFFSET = ENTRY_OFFSET + 80;
    private static final int PATH_OFFSET = INDEX_OFFSET + 4;

    private final Random random = Seed.random("BlobCertificateTest");
    private final CommitteeFixture fixture = CommitteeFixture.ofWeights(1, 1, 1, 1);
    private final Committee committee = fixture.committee();
    private final Bundle bundle = BundleFixture.bundle(random, COUNT);
    private final Certificate certificate = certify(bundle);

    @Test
    void everyEntryOfACertifiedBundleIsCertified() throws InvalidEncodingException {
        for (int count : new int[] {1, 2, 3, COUNT}) {
            Bundle some = BundleFixture.bundle(random, count);
            Certificate certified = certify(some);
            for (int i = 0; i < count; i++) {
                BlobCertificate blob = some.blobCertificate(certified, i);
                assertEquals(CertificateVerdict.ACCEPT, blob.verify(committee));
                assertEquals(CertificateVerdict.ACCEPT, BlobCertificate.verify(blob.encode(), committee));
                BlobCertificate decoded = BlobCertificate.decode(blob.encode(), NODES);
                assertEquals(blob, decoded);
                assertEquals(blob.hashCode(), decoded.hashCode());
                assertEquals(some.entries().get(i), decoded.entry());
            }
        }
    }

    @Test
    void theEncodingIsTheCertificateTheEntryTheIndexAndThePath() {
        byte[] encoded = bundle.blobCertificate(certificate, 6).encode();
        assertArrayEquals(certificate.encode(), Arrays.copyOf(encoded, ENTRY_OFFSET));
        assertArrayEquals(
                bundle.entries().get(6).encode(), Arrays.copyOfRange(encoded, ENTRY_OFFSET, INDEX_OFFSET));
        assertEquals(6, ByteBuffer.wrap(encoded).getInt(INDEX_OFFSET));
        assertArrayEquals(bundle.path(6), Arrays.copyOfRange(encoded, PATH_OFFSET, encoded.length));
    }

    @Test
    void anEntryOfAnotherBundleOrPlaceIsRefused() {
        Bundle other = BundleFixture.bundle(random, COUNT);
        BlobCertificate foreign = new BlobCertificate(certificate, other.entries().get(3), 3, other.path(3));
        assertEquals(CertificateVerdict.WRONG_PATH, foreign.verify(committee));
        BlobCertificate moved = new BlobCertificate(certificate, bundle.entries().get(3), 2, bundle.path(2));
        assertEquals(CertificateVerdict.WRONG_PATH, moved.verify(committee));
        assertThrows(IllegalArgumentException.class, () -> other.blobCertificate(certificate, 3));
    }

    @Test
    void anIndexThatIsNotBelowTheCountIsRefused() {
        byte[] encoded = bundle.blobCertificate(certificate, 6).encode();
        for (int index : new int[] {COUNT, COUNT + 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            ByteBuffer.wrap(encoded).putInt(INDEX_OFFSET, index);
            assertEquals(CertificateVerdict.OUT_OF_RANGE, BlobCertificate.verify(encoded, committee));
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> new BlobCertificate(certificate, bundle.entries().get(6), index, bundle.path(6)));
        }
        ByteBuffer.wrap(encoded).putInt(INDEX_OFFSET, 7);
        assertEquals(CertificateVerdict.WRONG_PATH, BlobCertificate.verify(encoded, committee));
    }

    @Test
    void everyOtherLengthIsRefused() {
        byte[] encoded = bundle.blobCertificate(certificate, 6).encode();
        for (int length = 0; length < encoded.length + 70; length++) {
            CertificateVerdict expected =
                    length == encoded.length ? CertificateVerdict.ACCEPT : CertificateVerdict.WRONG_LENGTH;
            assertEquals(expected, BlobCertificate.verify(Arrays.copyOf(encoded, length), committee));
        }
        byte[] shortPath = Arrays.copyOf(bundle.path(6), 32);
        assertEquals(
                CertificateVerdict.WRONG_LENGTH,
                new BlobCertificate(certificate, bundle.entries().get(6), 6, shortPath).verify(committee));
    }

    @Test
    void everySingleFlippedBitIsRefusedAndNoneThrows() {
        byte[] encoded = bundle.blobCertificate(certificate, 6).encode();
        for (int bit = 0; bit < encoded.length * 8; bit++) {
            byte[] flipped = encoded.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            assertNotEquals(CertificateVerdict.ACCEPT, BlobCertificate.verify(flipped, committee), "bit " + bit);
        }
    }

    @Test
    void swappedSiblingsAreRefused() {
        byte[] path = bundle.path(6);
        for (int one = 0; one < path.length; one += Digest.BYTES) {
            for (int two = one + Digest.BYTES; two < path.length; two += Digest.BYTES) {
                byte[] swapped = path.clone();
                System.arraycopy(path, one, swapped, two, Digest.BYTES);
                System.arraycopy(path, two, swapped, one, Digest.BYTES);
                assertEquals(CertificateVerdict.WRONG_PATH, withPath(6, swapped).verify(committee));
            }
        }
    }

    @Test
    void aPathFromAnotherDepthIsRefused() {
        Digest ownLeaf = MerkleTree.leafHash(bundle.entries().get(6).encode());
        byte[] path = bundle.path(6);
        Digest inner = MerklePath.rootFrom(ownLeaf, 0, 2, Arrays.copyOf(path, Digest.BYTES));
        byte[] rest = Arrays.copyOfRange(path, Digest.BYTES, path.length);
        assertNotNull(inner);
        // The tree over the level above the entries: who believed a count of the proof's own would take the node.
        assertEquals(bundle.root(), MerklePath.rootFrom(inner, 3, 6, rest));
        for (int index : new int[] {3, 6}) {
            assertEquals(CertificateVerdict.WRONG_LENGTH, withPath(index, rest).verify(committee));
            assertEquals(
                    CertificateVerdict.WRONG_LENGTH, BlobCertificate.verify(withPath(index, rest).encode(), committee));
        }
    }

    @Test
    void theAggregateIsReadLast() {
        byte[] encoded = bundle.blobCertificate(certificate, 6).encode();
        Arrays.fill(encoded, ENTRY_OFFSET - BlsSignature.ENCODED_BYTES, ENTRY_OFFSET, (byte) 0xFF);
        assertEquals(CertificateVerdict.BAD_POINT, BlobCertificate.verify(encoded, committee));
        assertEquals(
                CertificateVerdict.BAD_POINT, Certificate.verify(Arrays.copyOf(encoded, ENTRY_OFFSET), committee));
        assertAnswer(CertificateVerdict.WRONG_PATH, encoded, encoded.length - 1, encoded[encoded.length - 1] ^ 1);
        assertAnswer(CertificateVerdict.WRONG_DEPLOYMENT, encoded, 20, encoded[20] ^ 1);
        assertAnswer(CertificateVerdict.NO_SIGNERS, encoded, Statement.ENCODED_BYTES, 0);
        assertAnswer(CertificateVerdict.TOO_LITTLE_WEIGHT, encoded, Statement.ENCODED_BYTES, 3);
    }

    private void assertAnswer(CertificateVerdict expected, byte[] encoded, int at, int value) {
        byte[] changed = encoded.clone();
        changed[at] = (byte) value;
        assertEquals(expected, BlobCertificate.verify(changed, committee));
        if (expected != CertificateVerdict.WRONG_PATH) {
            assertEquals(expected, Certificate.verify(Arrays.copyOf(changed, ENTRY_OFFSET), committee));
        }
    }

    @Test
    void otherIndicesAndCountsAreRefused() {
        byte[] path = bundle.path(6);
        for (int index = 0; index < COUNT; index++) {
            CertificateVerdict verdict = withPath(index, path).verify(committee);
            assertEquals(index == 6, verdict == CertificateVerdict.ACCEPT, "index " + index);
        }
        for (int count : new int[] {7, 10, 12, 16, 4096}) {
            Statement recounted = new Statement(committee.deploymentId(), 3, count, bundle.root());
            Certificate claimed =
                    new Certificate(recounted, certificate.signerBitmap(), certificate.aggregate());
            BlobCertificate blob = new BlobCertificate(claimed, bundle.entries().get(6), 6, path);
            assertNotEquals(CertificateVerdict.ACCEPT, blob.verify(committee), "count " + count);
            assertNotEquals(CertificateVerdict.ACCEPT, BlobCertificate.verify(blob.encode(), committee));
        }
    }

    @Test
    void aCommitteeOfAnotherSizeRefusesIt() {
        byte[] encoded = bundle.blobCertificate(certificate, 6).encode();
        for (int nodes : new int[] {5, 7, 8, 9, 16, 17}) {
            int[] weights = new int[nodes];
            Arrays.fill(weights, 1);
            Committee other = CommitteeFixture.ofWeights(weights).committee();
            CertificateVerdict verdict = BlobCertificate.verify(encoded, other);
            if (nodes <= 8) {
                assertEquals(CertificateVerdict.WRONG_DEPLOYMENT, verdict);
            } else {
                assertNotEquals(CertificateVerdict.ACCEPT, verdict);
            }
        }
    }

    private BlobCertificate withPath(int index, byte[] path) {
        return new BlobCertificate(certificate, bundle.entries().get(6), index, path);
    }

    @Test
    void aCertificateOfTooLittleWeightCertifiesNoEntry() {
        Certificate light = Certificate.of(
                certificate.statement(),
                NODES,
                List.of(0),
                fixture.secrets().get(0).sign(certificate.statement().encode()));
        assertEquals(
                CertificateVerdict.TOO_LITTLE_WEIGHT, bundle.blobCertificate(light, 6).verify(committee));
    }

    private Certificate certify(Bundle some) {
        Statement statement = some.statement(committee.deploymentId(), 3);
        Map<Integer, BlsSignature> signatures = new HashMap<>();
        for (int member = 0; member < 3; member++) {
            signatures.put(member, fixture.secrets().get(member).sign(statement.encode()));
        }
        return CertificateAssembly.assemble(committee, statement, signatures).certificate().orElseThrow();
    }
}
