package dev.moraine.proofs.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.testing.Seed;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SignatureAggregatorTest {
    private static final int SIGNERS = 22;
    private static final byte[] MESSAGE = {1, 2, 3};
    private static final byte[] ANOTHER = {1, 2, 4};
    private static final String ORDER_LESS_ONE = "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000000";

    private final Random random = Seed.random("SignatureAggregatorTest");
    private final List<BlsSecretKey> secrets = new ArrayList<>();
    private final List<BlsPublicKey> keys = new ArrayList<>();
    private final List<BlsSignature> signatures = new ArrayList<>();

    SignatureAggregatorTest() {
        SecureRandom source = new SecureRandom();
        for (int i = 0; i < SIGNERS; i++) {
            secrets.add(BlsSecretKey.generate(source));
            keys.add(secrets.get(i).publicKey());
            signatures.add(secrets.get(i).sign(MESSAGE));
        }
    }

    @Test
    void anAggregateVerifiesForItsSignersOnly() {
        BlsSignature aggregate = SignatureAggregator.aggregate(signatures).orElseThrow();
        assertTrue(SignatureAggregator.verifyAggregate(keys, MESSAGE, aggregate));
        assertFalse(SignatureAggregator.verifyAggregate(keys, ANOTHER, aggregate));
        assertFalse(SignatureAggregator.verifyAggregate(keys.subList(1, SIGNERS), MESSAGE, aggregate));
        List<BlsPublicKey> oneTwice = new ArrayList<>(keys);
        oneTwice.add(keys.getFirst());
        assertFalse(SignatureAggregator.verifyAggregate(oneTwice, MESSAGE, aggregate));
        assertFalse(SignatureAggregator.verifyAggregate(List.of(), MESSAGE, aggregate));
    }

    @Test
    void nothingIsBadWhereTheSumVerifies() {
        assertEquals(List.of(), SignatureAggregator.findBad(keys, signatures, MESSAGE));
        assertEquals(List.of(), SignatureAggregator.findBad(List.of(), List.of(), MESSAGE));
    }

    @Test
    void exactlyTheBadSignaturesAreFoundAndTheRestVerifies() {
        for (int badCount : new int[] {1, 2, 7, SIGNERS}) {
            TreeSet<Integer> bad = new TreeSet<>();
            while (bad.size() < badCount) {
                bad.add(random.nextInt(SIGNERS));
            }
            List<BlsSignature> spoiled = new ArrayList<>(signatures);
            bad.forEach(i -> spoiled.set(i, secrets.get(i).sign(ANOTHER)));
            assertEquals(List.copyOf(bad), SignatureAggregator.findBad(keys, spoiled, MESSAGE));

            List<BlsPublicKey> goodKeys = new ArrayList<>();
            List<BlsSignature> good = new ArrayList<>();
            for (int i = 0; i < SIGNERS; i++) {
                if (!bad.contains(i)) {
                    goodKeys.add(keys.get(i));
                    good.add(spoiled.get(i));
                }
            }
            SignatureAggregator.aggregate(good)
                    .ifPresent(sum -> assertTrue(SignatureAggregator.verifyAggregate(goodKeys, MESSAGE, sum)));
        }
    }

    @Test
    void everySetOfBadSignaturesIsFoundWhole() {
        int signers = 6;
        List<BlsSignature> others = secrets.stream().map(secret -> secret.sign(ANOTHER)).toList();
        for (int set = 0; set < 1 << signers; set++) {
            List<BlsSignature> mixed = new ArrayList<>();
            List<Integer> bad = new ArrayList<>();
            for (int i = 0; i < signers; i++) {
                boolean isBad = (set >> i & 1) == 1;
                mixed.add(isBad ? others.get(i) : signatures.get(i));
                if (isBad) {
                    bad.add(i);
                }
            }
            assertEquals(bad, SignatureAggregator.findBad(keys.subList(0, signers), mixed, MESSAGE));
        }
    }

    @Test
    void aSignatureThatCancelsAnotherIsFoundAndDoesNotReachTheLibraryAsInfinity() throws InvalidPointException {
        byte[] negated = signatures.getFirst().encode();
        negated[0] ^= 0x20;
        List<BlsSignature> pair = List.of(signatures.getFirst(), BlsSignature.decode(negated));
        assertTrue(SignatureAggregator.aggregate(pair).isEmpty());
        assertEquals(List.of(1), SignatureAggregator.findBad(keys.subList(0, 2), pair, MESSAGE));
    }

    @Test
    void keysThatCancelVerifyNothing() {
        BlsSecretKey one = BlsSecretKey.fromBytes(HexFormat.of().parseHex("00".repeat(31) + "01"));
        BlsSecretKey minusOne = BlsSecretKey.fromBytes(HexFormat.of().parseHex(ORDER_LESS_ONE));
        List<BlsPublicKey> cancelling = List.of(one.publicKey(), minusOne.publicKey());
        assertTrue(SignatureAggregator.aggregate(List.of(one.sign(MESSAGE), minusOne.sign(MESSAGE)))
                .isEmpty());
        assertFalse(SignatureAggregator.verifyAggregate(cancelling, MESSAGE, one.sign(MESSAGE)));
    }

    @Test
    void thereIsNoAggregateOfNothing() {
        assertTrue(SignatureAggregator.aggregate(List.of()).isEmpty());
    }

    @Test
    void listsOfDifferentLengthsAreRefused() {
        List<BlsSignature> oneLess = signatures.subList(1, SIGNERS);
        assertThrows(
                IllegalArgumentException.class, () -> SignatureAggregator.findBad(keys, oneLess, MESSAGE));
    }
}
