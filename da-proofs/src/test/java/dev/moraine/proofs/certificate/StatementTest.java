package dev.moraine.proofs.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.AvailabilityVerdict.Outcome;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.testing.Seed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The signed objects: statements, write rights and verdicts. */
class StatementTest {
    private static final int EPOCH_OFFSET = 48;
    private static final int COUNT_OFFSET = 56;

    private final Random random = Seed.random("StatementTest");
    private final Digest deploymentId = BundleFixture.digest(random);
    private final Digest root = BundleFixture.digest(random);

    @Test
    void signedObjectsHaveTheLayoutOfTheProtocol() {
        String claim = deploymentId + "0000000000000102" + "00000fff" + root;
        assertEquals(tag("moraine/store/v1") + claim, hex(new Statement(deploymentId, 0x102, 0xfff, root).encode()));
        assertEquals(tag("moraine/write/v1") + claim, hex(new WriteRight(deploymentId, 0x102, 0xfff, root).encode()));
        BlobId blobId = new BlobId(root);
        assertEquals(
                tag("moraine/whole/v1") + deploymentId + root,
                hex(new AvailabilityVerdict(Outcome.WHOLE, deploymentId, blobId).encode()));
        assertEquals(
                tag("moraine/wrong/v1") + deploymentId + root,
                hex(new AvailabilityVerdict(Outcome.WRONG, deploymentId, blobId).encode()));
    }

    @Test
    void signedObjectsAreReadBack() throws InvalidEncodingException {
        for (long epoch : new long[] {0, 1, Long.MAX_VALUE}) {
            for (int count : new int[] {1, Bundle.MAX_ENTRIES}) {
                Statement statement = new Statement(deploymentId, epoch, count, root);
                assertEquals(statement, Statement.decode(statement.encode()));
                assertEquals(statement.writeRight(), WriteRight.decode(statement.writeRight().encode()));
            }
        }
        for (Outcome outcome : Outcome.values()) {
            AvailabilityVerdict verdict = new AvailabilityVerdict(outcome, deploymentId, new BlobId(root));
            assertEquals(verdict, AvailabilityVerdict.decode(verdict.encode()));
        }
    }

    @Test
    void epochsAndCountsOutOfRangeAreNeitherMadeNorDecoded() {
        byte[] encoded = new Statement(deploymentId, 1, 1, root).encode();
        for (int count : new int[] {0, -1, Bundle.MAX_ENTRIES + 1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> new Statement(deploymentId, 1, count, root));
            assertThrows(IllegalArgumentException.class, () -> new WriteRight(deploymentId, 1, count, root));
            byte[] changed = encoded.clone();
            ByteBuffer.wrap(changed).putInt(COUNT_OFFSET, count);
            assertEquals(EncodingFault.OUT_OF_RANGE, faultOfStatement(changed));
        }
        for (long epoch : new long[] {-1, Long.MIN_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> new Statement(deploymentId, epoch, 1, root));
            assertThrows(IllegalArgumentException.class, () -> new WriteRight(deploymentId, epoch, 1, root));
            byte[] changed = encoded.clone();
            ByteBuffer.wrap(changed).putLong(EPOCH_OFFSET, epoch);
            assertEquals(EncodingFault.OUT_OF_RANGE, faultOfStatement(changed));
        }
    }

    @Test
    void otherLengthsAreNotDecoded() {
        byte[] statement = new Statement(deploymentId, 1, 1, root).encode();
        byte[] verdict = new AvailabilityVerdict(Outcome.WHOLE, deploymentId, new BlobId(root)).encode();
        for (int length = 0; length < 2 * statement.length; length++) {
            if (length != statement.length) {
                assertEquals(EncodingFault.WRONG_LENGTH, faultOfStatement(Arrays.copyOf(statement, length)));
            }
            if (length != verdict.length) {
                byte[] resized = Arrays.copyOf(verdict, length);
                assertEquals(
                        EncodingFault.WRONG_LENGTH,
                        assertThrows(InvalidEncodingException.class, () -> AvailabilityVerdict.decode(resized))
                                .fault());
            }
        }
    }

    @Test
    void noObjectIsReadAsOneOfAnotherKind() {
        byte[] statement = new Statement(deploymentId, 1, 1, root).encode();
        byte[] right = new WriteRight(deploymentId, 1, 1, root).encode();
        byte[] verdict = new AvailabilityVerdict(Outcome.WHOLE, deploymentId, new BlobId(root)).encode();
        assertEquals(EncodingFault.WRONG_TAG, faultOfStatement(right));
        assertEquals(
                EncodingFault.WRONG_TAG,
                assertThrows(InvalidEncodingException.class, () -> WriteRight.decode(statement)).fault());
        for (String tag : new String[] {"moraine/store/v1", "moraine/genes/v1", "moraine/whole/v2"}) {
            byte[] retagged = verdict.clone();
            System.arraycopy(tag.getBytes(StandardCharsets.US_ASCII), 0, retagged, 0, 16);
            assertEquals(
                    EncodingFault.WRONG_TAG,
                    assertThrows(InvalidEncodingException.class, () -> AvailabilityVerdict.decode(retagged)).fault());
        }
    }

    @Test
    void whatIsSignedAsOneTypeVerifiesAsNoOther() {
        BlsSecretKey node = BlsSecretKey.generate(new SecureRandom());
        // The same fields in every type that has them, so that nothing but the tag tells the bytes apart.
        List<byte[]> types = List.of(
                new Statement(deploymentId, 1, 1, root).encode(),
                new WriteRight(deploymentId, 1, 1, root).encode(),
                new AvailabilityVerdict(Outcome.WHOLE, deploymentId, new BlobId(root)).encode(),
                new AvailabilityVerdict(Outcome.WRONG, deploymentId, new BlobId(root)).encode(),
                node.publicKey().encode());
        for (int signed = 0; signed < types.size(); signed++) {
            BlsSignature signature = node.sign(types.get(signed));
            for (int verified = 0; verified < types.size(); verified++) {
                assertEquals(signed == verified, node.publicKey().verify(types.get(verified), signature));
            }
            assertEquals(false, node.publicKey().verifyPossession(signature));
        }
        for (byte[] type : types) {
            assertEquals(false, node.publicKey().verify(type, node.proofOfPossession()));
        }
    }

    private static EncodingFault faultOfStatement(byte[] encoded) {
        return assertThrows(InvalidEncodingException.class, () -> Statement.decode(encoded)).fault();
    }

    private static String tag(String ascii) {
        assertEquals(16, ascii.length());
        return hex(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
