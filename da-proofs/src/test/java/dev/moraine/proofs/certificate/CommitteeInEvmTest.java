package dev.moraine.proofs.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.AvailabilityVerdict.Outcome;
import dev.moraine.proofs.evm.EvmVerifier;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.hash.Sha256;
import dev.moraine.proofs.hash.Tag;
import dev.moraine.proofs.merkle.MerkleTree;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What {@code CommitteeCertificate.sol} makes of committees that no genesis check let through: bytes by hand, and the
 * deployment id that they hash to.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommitteeInEvmTest {
    private static final int SHARDS = 7;
    /** Without its flags, x = 0 is infinity to the precompiles if y is 0, and a point of order 3 if y is 2. */
    private static final String X_IS_ZERO = "80" + "00".repeat(47);

    private static final String X_IS_ZERO_UPPER = "a0" + "00".repeat(47);
    private static final String Y_IS_TWO = "00".repeat(47) + "02";
    private static final String Y_IS_MINUS_TWO = "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf"
            + "6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaa9";

    private final Key honest = fresh();

    @SuppressWarnings("NullAway.Init") // set before every test
    private EvmVerifier evm;

    /** A compressed key and its y coordinate, both as bytes that need not be a point's, and who can sign with it. */
    @SuppressWarnings("ArrayRecordComponent") // nothing changes or compares the arrays
    private record Key(byte[] compressed, byte[] y, @Nullable BlsSecretKey secret) {
        static Key of(BlsSecretKey secret) {
            BlsPublicKey key = secret.publicKey();
            return new Key(key.encode(), Arrays.copyOfRange(key.encodeUncompressed(), 48, 96), secret);
        }

        static Key of(String compressed, String y) {
            return new Key(HexFormat.of().parseHex(compressed), HexFormat.of().parseHex(y), null);
        }
    }

    /** A node's first shard and how many it holds. */
    private record Range(int first, int count) {}

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
    void aKeyAtInfinityIsNoSigner() {
        String zero = "00".repeat(48);
        assertEquals("accepted", outcome(honest, Key.of(BlsSecretKey.generate(new SecureRandom()))));
        assertEquals("WrongKey", outcome(honest, Key.of(X_IS_ZERO, zero)));
        assertEquals("WrongKey", outcome(honest, Key.of(X_IS_ZERO_UPPER, zero)));
        assertEquals("WrongKey", outcome(honest, Key.of("c0" + "00".repeat(47), zero)));
        assertEquals("WrongKey", outcome(honest, Key.of(zero, zero)));
    }

    @Test
    void aSumOfKeysOutsideTheSubgroupIsRefused() {
        assertEquals("BadPoint", outcome(honest, Key.of(X_IS_ZERO, Y_IS_TWO)));
        assertEquals("BadPoint", outcome(honest, Key.of(X_IS_ZERO_UPPER, Y_IS_MINUS_TWO)));
        assertEquals("WrongKey", outcome(honest, Key.of(X_IS_ZERO, Y_IS_MINUS_TWO)));
    }

    /** Only the genesis check keeps these out: the README of the verifiers says so and must not say more. */
    @Test
    void whatOnlyTheGenesisChecksIsNotSeen() {
        assertEquals("accepted", outcome(honest, honest));
        assertEquals(
                "accepted", outcome(honest, Key.of(X_IS_ZERO, Y_IS_TWO), Key.of(X_IS_ZERO_UPPER, Y_IS_MINUS_TWO)));
    }

    @Test
    void shardsFollowOneAnotherAndNobodyHoldsMoreThanF() {
        assertEquals("accepted", outcomeOfRanges(new Range(0, 2), new Range(2, 2), new Range(4, 2), new Range(6, 1)));
        assertEquals("accepted", outcomeOfRanges(new Range(0, 1), new Range(1, 2), new Range(3, 2), new Range(5, 2)));
        Range[][] wrong = {
            {new Range(0, 3), new Range(3, 1), new Range(4, 2), new Range(6, 1)},
            {new Range(0, 2), new Range(2, 2), new Range(4, 2), new Range(6, 2)},
            {new Range(0, 2), new Range(2, 2), new Range(4, 2)},
            {new Range(0, 2), new Range(2, 2), new Range(4, 2), new Range(6, 1), new Range(7, 0)},
            {new Range(0, 2), new Range(2, 0), new Range(2, 2), new Range(4, 2), new Range(6, 1)},
            {new Range(0, 2), new Range(1, 2), new Range(3, 2), new Range(5, 2)},
            {new Range(0, 2), new Range(3, 2), new Range(5, 2)},
            {new Range(1, 2), new Range(3, 2), new Range(5, 2)},
            {new Range(2, 2), new Range(0, 2), new Range(4, 2), new Range(6, 1)},
            {new Range(0, 65_535), new Range(65_535, 8)},
        };
        for (Range[] ranges : wrong) {
            assertEquals("WrongShards", outcomeOfRanges(ranges), Arrays.toString(ranges));
        }
    }

    /** All of the given keys are in the bitmap of a verdict, which those sign that there is a secret key of. */
    private String outcome(Key... signers) {
        List<Range> ranges = List.of(new Range(0, 2), new Range(2, 2), new Range(4, 2), new Range(6, 1));
        return ask(ranges, signers);
    }

    private String outcomeOfRanges(Range... ranges) {
        return ask(List.of(ranges), honest, fresh());
    }

    /** Nodes without a given key have a fresh one and do not sign. */
    private String ask(List<Range> ranges, Key... signers) {
        ByteBuffer leaves = ByteBuffer.allocate(52 * ranges.size());
        ByteBuffer hashes = ByteBuffer.allocate(Digest.BYTES * ranges.size());
        for (int node = 0; node < ranges.size(); node++) {
            byte[] leaf = ByteBuffer.allocate(52)
                    .put(node < signers.length ? signers[node].compressed() : fresh().compressed())
                    .putShort((short) ranges.get(node).first())
                    .putShort((short) ranges.get(node).count())
                    .array();
            leaves.put(leaf);
            hashes.put(MerkleTree.leafHash(leaf).toBytes());
        }
        byte[] fields = ByteBuffer.allocate(16)
                .putShort((short) SHARDS)
                .putShort((short) ranges.size())
                .putLong(1_700_000_000)
                .putInt(3_600)
                .array();
        Digest deploymentId = Sha256.digest(
                Tag.of("moraine/genes/v1"),
                fields,
                MerkleTree.rootOfLeafHashes(hashes.array()).toBytes());
        byte[] committee = ByteBuffer.allocate(fields.length + leaves.capacity())
                .put(fields)
                .put(leaves.array())
                .array();
        byte[] message = new AvailabilityVerdict(Outcome.WHOLE, deploymentId, BlobId.of(new byte[32])).encode();
        ByteBuffer ys = ByteBuffer.allocate(48 * signers.length);
        List<BlsSignature> signatures = new ArrayList<>();
        for (Key signer : signers) {
            ys.put(signer.y());
            if (signer.secret() != null) {
                signatures.add(signer.secret().sign(message));
            }
        }
        byte[] verdict = ByteBuffer.allocate(message.length + 1 + BlsSignature.UNCOMPRESSED_BYTES)
                .put(message)
                .put((byte) ((1 << signers.length) - 1))
                .put(SignatureAggregator.aggregate(signatures).orElseThrow().encodeUncompressed())
                .array();
        EvmVerifier.Answer answer =
                evm.call("verifyVerdict", deploymentId.toBytes(), committee, ys.array(), verdict);
        return answer.isAccepted() ? "accepted" : answer.result();
    }

    private static Key fresh() {
        return Key.of(BlsSecretKey.generate(new SecureRandom()));
    }
}
