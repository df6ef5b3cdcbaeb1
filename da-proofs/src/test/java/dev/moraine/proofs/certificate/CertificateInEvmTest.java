package dev.moraine.proofs.certificate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.AvailabilityVerdict.Outcome;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeFixture;
import dev.moraine.proofs.evm.EvmCases;
import dev.moraine.proofs.evm.EvmVerifier;
import dev.moraine.proofs.evm.EvmVerifier.Answer;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.testing.Seed;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The certificates and verdicts that {@code CommitteeCertificate.sol} accepts, and those that Java does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CertificateInEvmTest {
    private static final int SIGNATURE_BYTES = BlsSignature.UNCOMPRESSED_BYTES;
    private static final int WORD_BYTES = 32;
    /** A point of the curve of G2 outside the subgroup, with x = 2. */
    private static final byte[] OUTSIDE_SUBGROUP = HexFormat.of()
            .parseHex("00".repeat(95) + "02"
                    + "02d27e0ec3356299a346a09ad7dc4ef68a483c3aed53f913"
                    + "9d2f929a3eecebf72082e5e58c6da24ee32e03040c406d4f"
                    + "013a59858b6809fca4d9a3b6539246a70051a3c88899964a"
                    + "42bc9a69cf9acdd9dd387cfa9086b894185b9a46a402be73");

    private static final BigInteger HALF_PRIME = new BigInteger(
                    "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf"
                            + "6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab",
                    16)
            .shiftRight(1);

    private final Random random = Seed.random("CertificateInEvmTest");
    private final List<CommitteeFixture> fixtures = List.of(
            CommitteeFixture.ofWeights(1, 1, 1, 1),
            CommitteeFixture.ofWeights(2, 1, 2, 1, 1),
            CommitteeFixture.ofWeights(1, 1, 2, 1, 1, 1, 1, 1, 1),
            CommitteeFixture.ofWeights(1, 1, 1, 1, 1, 1, 1, 1),
            CommitteeFixture.ofWeights(10, 3, 1, 7, 10));

    @SuppressWarnings("NullAway.Init") // set before every test
    private EvmVerifier evm;

    /** What a contract is asked: {@code messageBytes} tells a certificate from a verdict. */
    @SuppressWarnings("ArrayRecordComponent") // nothing changes or compares the arrays
    private record Question(
            CommitteeFixture fixture,
            byte[] deploymentId,
            byte[] committee,
            byte[] ys,
            byte[] signed,
            int messageBytes) {
        boolean isVerdict() {
            return messageBytes == AvailabilityVerdict.ENCODED_BYTES;
        }

        Question withSigned(byte[] other) {
            return new Question(fixture, deploymentId, committee, ys, other, messageBytes);
        }

        Question withYs(byte[] other) {
            return new Question(fixture, deploymentId, committee, other, signed, messageBytes);
        }

        Question withCommittee(byte[] other) {
            return new Question(fixture, deploymentId, other, ys, signed, messageBytes);
        }

        int aggregateOffset() {
            return messageBytes + SignerBitmap.encodedBytes(fixture.committee().members().size());
        }
    }

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
    void solidityAndJavaAcceptTheSameCertificatesAndVerdicts() {
        TreeMap<String, Integer> seen = new TreeMap<>();
        for (int i = 0; i < EvmCases.count(); i++) {
            CommitteeFixture fixture = fixtures.get(random.nextInt(fixtures.size()));
            List<Integer> signers = randomSigners(fixture);
            Question question = random.nextBoolean() ? certificate(fixture, signers) : verdict(fixture, signers);
            Question asked = i % 3 == 0 ? question : mutate(question);
            byte[] expected = returnedByJava(asked);
            Answer answer = ask(asked);
            assertTrue(
                    expected != null ? answer.isAccepted() : answer.isDeclaredError(),
                    () -> answer + ": " + HexFormat.of().formatHex(asked.signed));
            if (expected != null) {
                assertArrayEquals(expected, answer.returned());
            }
            seen.merge(expected != null ? "accepted" : answer.result(), 1, Integer::sum);
        }
        System.out.println("certificates and verdicts accepted and rejected in the EVM: " + seen);
        assertTrue(seen.getOrDefault("accepted", 0) >= EvmCases.count() / 10);
    }

    @Test
    void everyErrorNamesItsReason() {
        CommitteeFixture fixture = fixtures.get(2);
        Question good = certificate(fixture, List.of(0, 2, 3, 5, 7, 8), BundleFixture.bundle(random, 11), 12, 6);
        assertTrue(ask(good).isAccepted());
        assertReverts("TooLittleWeight", certificate(fixture, List.of(0, 1, 3, 4, 5, 6)));
        assertReverts("TooLittleWeight", good.withYs(new byte[0]).withSigned(noSigners(good)));
        assertReverts("UnusedBitsSet", good.withSigned(with(good.signed, 93, 0x03)));
        assertReverts("WrongTag", good.withSigned(with(good.signed, 3, 0x78)));
        assertReverts("WrongDeployment", good.withSigned(with(good.signed, 20, good.signed[20] ^ 1)));
        assertReverts("OutOfRange", good.withSigned(with(good.signed, 48, 0x80)));
        assertReverts("OutOfRange", good.withSigned(with(good.signed, 58, 0x20)));
        int last = good.signed.length - 1;
        assertReverts("WrongPath", good.withSigned(with(good.signed, last, good.signed[last] ^ 1)));
        assertReverts("WrongSignature", good.withSigned(with(good.signed, 55, 13)));
        assertReverts("WrongKey", good.withYs(with(good.ys, 47, good.ys[47] ^ 1)), "BadPoint");
        assertReverts("WrongKey", good.withYs(negated(good.ys)));
        assertReverts("WrongLength", good.withYs(Arrays.copyOf(good.ys, good.ys.length - 1)));
        assertReverts("WrongLength", good.withYs(Arrays.copyOf(good.ys, good.ys.length + 48)));
        assertReverts("WrongDeployment", good.withCommittee(with(good.committee, 60, good.committee[60] ^ 1)));
        assertReverts("WrongShards", good.withCommittee(with(good.committee, 67, 3)));
        assertReverts("WrongLength", good.withCommittee(Arrays.copyOf(good.committee, good.committee.length + 52)));
        assertReverts("OutOfRange", good.withCommittee(with(good.committee, 1, 3)));
        assertReverts("WrongLength", good.withCommittee(new byte[15]));
        assertReverts("WrongDeployment", asIfOf(good, fixtures.get(3)));
        for (int length = 0; length < good.signed.length; length += 7) {
            assertReverts("WrongLength", good.withSigned(Arrays.copyOf(good.signed, length)));
        }
        Question verdict = verdict(fixture, List.of(1, 2, 8));
        assertReverts("TooLittleWeight", verdict(fixture, List.of(1, 2)));
        assertReverts("TooLittleWeight", verdict(fixture, List.of(1, 3, 8)));
        assertReverts("WrongSignature", verdict.withSigned(with(verdict.signed, 79, verdict.signed[79] ^ 1)));
        assertReverts("WrongLength", verdict.withSigned(Arrays.copyOf(verdict.signed, verdict.signed.length + 1)));
    }

    @Test
    void pointsThatAreUnusableAreRefused() {
        Question good = certificate(fixtures.get(0), List.of(0, 1, 2));
        int at = good.aggregateOffset();
        byte[] infinity = new byte[SIGNATURE_BYTES];
        assertReverts("BadPoint", good.withSigned(replace(good.signed, at, infinity)));
        infinity[0] = 0x40;
        assertReverts("BadPoint", good.withSigned(replace(good.signed, at, infinity)));
        byte[] compressed = good.signed.clone();
        compressed[at] |= (byte) 0x80;
        assertReverts("BadPoint", good.withSigned(compressed));
        assertReverts("BadPoint", good.withSigned(replace(good.signed, at, OUTSIDE_SUBGROUP)));
        byte[] offTheCurve = OUTSIDE_SUBGROUP.clone();
        offTheCurve[SIGNATURE_BYTES - 1] ^= 1;
        assertReverts("BadPoint", good.withSigned(replace(good.signed, at, offTheCurve)));
    }

    @Test
    void keysThatCancelVerifyNothing() {
        BlsSecretKey one = BlsSecretKey.fromBytes(HexFormat.of().parseHex("00".repeat(31) + "01"));
        BlsSecretKey minusOne = BlsSecretKey.fromBytes(HexFormat.of()
                .parseHex("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000000"));
        SecureRandom source = new SecureRandom();
        CommitteeFixture fixture = CommitteeFixture.ofSecrets(
                List.of(one, minusOne, BlsSecretKey.generate(source), BlsSecretKey.generate(source)), 1, 1, 1, 1);
        AvailabilityVerdict verdict = new AvailabilityVerdict(
                Outcome.WHOLE, fixture.committee().deploymentId(), BlobId.of(Seed.bytes(random, 32)));
        for (int signature : new int[] {SIGNATURE_BYTES, 0}) {
            byte[] signed = ByteBuffer.allocate(81 + SIGNATURE_BYTES)
                    .put(verdict.encode())
                    .put((byte) 3)
                    .put(one.sign(verdict.encode()).encodeUncompressed(), 0, signature)
                    .array();
            Question question = new Question(
                    fixture,
                    verdict.deploymentId().toBytes(),
                    EvmForm.committee(fixture.committee()),
                    EvmForm.signerCoordinates(fixture.committee(), new byte[] {3}),
                    signed,
                    80);
            assertReverts("BadPoint", question);
        }
    }

    @Test
    void aChainWithoutThePrecompilesAcceptsNothing() {
        try (EvmVerifier cancun = EvmVerifier.start("cancun")) {
            Question certificate = certificate(fixtures.get(0), List.of(0, 1, 2));
            Question verdict = verdict(fixtures.get(0), List.of(0, 1, 2));
            assertEquals("BadPoint", ask(cancun, certificate).result());
            assertEquals("BadPoint", ask(cancun, verdict).result());
        }
    }

    @Test
    void theReadmeSaysWhatCertificatesAndVerdictsCost() {
        List<String> rows = new ArrayList<>();
        for (int shards : new int[] {7, 31, 100}) {
            CommitteeFixture fixture = fixedCommittee(shards);
            int faults = (shards - 1) / 3;
            Random fixed = new Random(shards);
            List<Integer> quorum = IntStream.range(0, shards - faults).boxed().toList();
            Question certificate = certificate(fixture, quorum, BundleFixture.bundle(fixed, 16), 1, 5);
            rows.add(EvmVerifier.gasRow(
                    "`verifyBlobCertificate`, n = nodes = " + shards + ", a bundle of 16", ask(certificate)));
            List<Integer> enough = IntStream.range(0, faults + 1).boxed().toList();
            Question verdict = verdict(fixture, enough, Outcome.WHOLE, BlobId.of(Seed.bytes(fixed, BlobId.BYTES)));
            rows.add(EvmVerifier.gasRow("`verifyVerdict`, n = nodes = " + shards, ask(verdict)));
        }
        EvmVerifier.assertInReadme(rows);
    }

    private Answer ask(Question q) {
        return ask(evm, q);
    }

    private static Answer ask(EvmVerifier evm, Question q) {
        String function = q.isVerdict() ? "verifyVerdict" : "verifyBlobCertificate";
        return evm.call(function, q.deploymentId, q.committee, q.ys, q.signed);
    }

    private void assertReverts(String error, Question question, String... orElse) {
        String result = ask(question).result();
        assertTrue(result.equals(error) || List.of(orElse).contains(result), () -> error + ", but: " + result);
    }

    private Question certificate(CommitteeFixture fixture, List<Integer> signers) {
        Bundle bundle = BundleFixture.bundle(random, 1 + random.nextInt(20));
        int index = random.nextInt(bundle.entries().size());
        return certificate(fixture, signers, bundle, random.nextLong() >>> 1, index);
    }

    private static Question certificate(
            CommitteeFixture fixture, List<Integer> signers, Bundle bundle, long epoch, int index) {
        Statement statement = bundle.statement(fixture.committee().deploymentId(), epoch);
        int members = fixture.committee().members().size();
        BlsSignature aggregate = sum(fixture, signers, statement.encode());
        Certificate certificate = Certificate.of(statement, members, signers, aggregate);
        BlobCertificate blob = bundle.blobCertificate(certificate, index);
        return question(fixture, certificate.signerBitmap(), EvmForm.certificate(blob), Statement.ENCODED_BYTES);
    }

    private Question verdict(CommitteeFixture fixture, List<Integer> signers) {
        Outcome outcome = random.nextBoolean() ? Outcome.WHOLE : Outcome.WRONG;
        return verdict(fixture, signers, outcome, BlobId.of(Seed.bytes(random, BlobId.BYTES)));
    }

    private static Question verdict(CommitteeFixture fixture, List<Integer> signers, Outcome outcome, BlobId blobId) {
        AvailabilityVerdict verdict =
                new AvailabilityVerdict(outcome, fixture.committee().deploymentId(), blobId);
        int members = fixture.committee().members().size();
        SignedVerdict signed = SignedVerdict.of(verdict, members, signers, sum(fixture, signers, verdict.encode()));
        return question(fixture, signed.signerBitmap(), EvmForm.verdict(signed), AvailabilityVerdict.ENCODED_BYTES);
    }

    /** Keys that are the same in every run, so that the zero bytes of the calldata are. */
    private static CommitteeFixture fixedCommittee(int shards) {
        Random fixed = new Random(1);
        List<BlsSecretKey> secrets = new ArrayList<>();
        for (int i = 0; i < shards; i++) {
            byte[] secret = Seed.bytes(fixed, BlsSecretKey.ENCODED_BYTES);
            secret[0] &= 0x3F;
            secrets.add(BlsSecretKey.fromBytes(secret));
        }
        int[] weights = new int[shards];
        Arrays.fill(weights, 1);
        return CommitteeFixture.ofSecrets(secrets, weights);
    }

    private static Question question(CommitteeFixture fixture, byte[] bitmap, byte[] signed, int messageBytes) {
        Committee committee = fixture.committee();
        return new Question(
                fixture,
                committee.deploymentId().toBytes(),
                EvmForm.committee(committee),
                EvmForm.signerCoordinates(committee, bitmap),
                signed,
                messageBytes);
    }

    private static BlsSignature sum(CommitteeFixture fixture, List<Integer> signers, byte[] message) {
        List<BlsSignature> signatures = new ArrayList<>();
        signers.forEach(signer -> signatures.add(fixture.secrets().get(signer).sign(message)));
        return SignatureAggregator.aggregate(signatures).orElseThrow();
    }

    private List<Integer> randomSigners(CommitteeFixture fixture) {
        int members = fixture.committee().members().size();
        int wanted = 1 + random.nextInt(members);
        List<Integer> signers = new ArrayList<>(IntStream.range(0, members).boxed().toList());
        Collections.shuffle(signers, random);
        return random.nextInt(4) == 0 ? signers.subList(0, wanted) : signers;
    }

    private Question mutate(Question q) {
        Question other = random.nextBoolean()
                ? certificate(q.fixture, randomSigners(q.fixture))
                : verdict(q.fixture, randomSigners(q.fixture));
        int at = q.aggregateOffset();
        return switch (random.nextInt(12)) {
            case 0 -> q.withSigned(flip(q.signed, 0, q.messageBytes));
            case 1 -> q.withSigned(flip(q.signed, q.messageBytes, at));
            case 2 -> q.withSigned(flip(q.signed, at, at + SIGNATURE_BYTES));
            case 3 -> q.withSigned(flip(q.signed, 0, q.signed.length));
            case 4 -> q.withSigned(Arrays.copyOf(q.signed, Math.max(0, q.signed.length + random.nextInt(65) - 32)));
            case 5 -> q.withYs(flip(q.ys, 0, q.ys.length));
            case 6 -> q.withCommittee(flip(q.committee, 0, q.committee.length));
            case 7 -> new Question(q.fixture, flip(q.deploymentId, 0, 32), q.committee, q.ys, q.signed, q.messageBytes);
            case 8 -> q.withSigned(other.signed);
            case 9 -> q.withSigned(replace(q.signed, at, negatedSignature(Arrays.copyOfRange(q.signed, at, at + 192))));
            case 10 -> asIfOf(q, fixtures.get(random.nextInt(fixtures.size())));
            default -> q.withSigned(replace(
                    q.signed,
                    at,
                    Arrays.copyOfRange(other.signed, other.aggregateOffset(), other.aggregateOffset() + 192)));
        };
    }

    /** What the contract should return: what the Java verifiers accept in the compressed form; null for a rejection. */
    private static byte @Nullable [] returnedByJava(Question q) {
        Committee committee = q.fixture.committee();
        int at = q.aggregateOffset();
        if (q.signed.length < at + SIGNATURE_BYTES
                || !Arrays.equals(q.committee, EvmForm.committee(committee))
                || !Arrays.equals(q.deploymentId, committee.deploymentId().toBytes())) {
            return null;
        }
        byte[] point = Arrays.copyOfRange(q.signed, at, at + SIGNATURE_BYTES);
        byte[] compressed = ByteBuffer.allocate(q.signed.length - 96)
                .put(q.signed, 0, at)
                .put(compress(point))
                .put(q.signed, at + SIGNATURE_BYTES, q.signed.length - at - SIGNATURE_BYTES)
                .array();
        int members = committee.members().size();
        try {
            byte[] bitmap = Arrays.copyOfRange(q.signed, q.messageBytes, at);
            boolean isAccepted = q.isVerdict()
                    ? SignedVerdict.verify(compressed, committee) == CertificateVerdict.ACCEPT
                    : BlobCertificate.verify(compressed, committee) == CertificateVerdict.ACCEPT;
            if (!isAccepted || !Arrays.equals(q.ys, EvmForm.signerCoordinates(committee, bitmap))) {
                return null;
            }
            byte[] canonical = q.isVerdict()
                    ? EvmForm.verdict(SignedVerdict.decode(compressed, members))
                    : EvmForm.certificate(BlobCertificate.decode(compressed, members));
            return Arrays.equals(canonical, q.signed) ? returnedFor(q, compressed, members) : null;
        } catch (InvalidEncodingException e) {
            return null;
        }
    }

    private static byte[] returnedFor(Question q, byte[] compressed, int members) throws InvalidEncodingException {
        if (q.isVerdict()) {
            AvailabilityVerdict verdict = SignedVerdict.decode(compressed, members).verdict();
            return ByteBuffer.allocate(64)
                    .put(31, (byte) (verdict.outcome() == Outcome.WHOLE ? 1 : 0))
                    .put(32, verdict.blobId().toBytes())
                    .array();
        }
        BlobCertificate blob = BlobCertificate.decode(compressed, members);
        byte[] time = BigInteger.valueOf(blob.entry().expiryEpoch())
                .add(BigInteger.ONE)
                .multiply(BigInteger.valueOf(CommitteeFixture.EPOCH_SECONDS))
                .add(BigInteger.valueOf(CommitteeFixture.GENESIS_SECONDS))
                .toByteArray();
        return ByteBuffer.allocate(192)
                .putLong(24, blob.certificate().statement().epoch())
                .put(32, blob.entry().encode(), 0, 2 * Digest.BYTES)
                .putLong(120, blob.entry().lengthBytes())
                .putLong(152, blob.entry().expiryEpoch())
                .put(160 + WORD_BYTES - time.length, time)
                .array();
    }

    /** Zcash's compressed form: x with a bit that says which of the two y it is. */
    private static byte[] compress(byte[] point) {
        byte[] x = Arrays.copyOf(point, 96);
        BigInteger high = new BigInteger(1, Arrays.copyOfRange(point, 96, 144));
        BigInteger low = new BigInteger(1, Arrays.copyOfRange(point, 144, 192));
        boolean isUpper = (high.signum() == 0 ? low : high).compareTo(HALF_PRIME) > 0;
        x[0] |= (byte) (isUpper ? 0xA0 : 0x80);
        return x;
    }

    private static byte[] negatedSignature(byte[] point) {
        byte[] compressed = compress(point);
        compressed[0] ^= 0x20;
        try {
            return BlsSignature.decode(compressed).encodeUncompressed();
        } catch (InvalidPointException e) {
            throw new AssertionError(e);
        }
    }

    /** The other y of every coordinate: p − y. */
    private static byte[] negated(byte[] ys) {
        BigInteger prime = HALF_PRIME.shiftLeft(1).add(BigInteger.ONE);
        byte[] negated = new byte[ys.length];
        for (int at = 0; at < ys.length; at += 48) {
            byte[] y = prime.subtract(new BigInteger(1, Arrays.copyOfRange(ys, at, at + 48))).toByteArray();
            int skip = Math.max(0, y.length - 48);
            System.arraycopy(y, skip, negated, at + 48 - (y.length - skip), y.length - skip);
        }
        return negated;
    }

    private static Question asIfOf(Question q, CommitteeFixture other) {
        return new Question(
                q.fixture,
                q.deploymentId,
                EvmForm.committee(other.committee()),
                q.ys,
                q.signed,
                q.messageBytes);
    }

    private static byte[] noSigners(Question good) {
        byte[] signed = good.signed.clone();
        Arrays.fill(signed, good.messageBytes, good.aggregateOffset(), (byte) 0);
        return signed;
    }

    private byte[] flip(byte[] bytes, int from, int to) {
        byte[] flipped = bytes.clone();
        flipped[from + random.nextInt(to - from)] ^= (byte) (1 << random.nextInt(8));
        return flipped;
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static byte[] replace(byte[] bytes, int at, byte[] piece) {
        byte[] changed = bytes.clone();
        System.arraycopy(piece, 0, changed, at, piece.length);
        return changed;
    }
}
