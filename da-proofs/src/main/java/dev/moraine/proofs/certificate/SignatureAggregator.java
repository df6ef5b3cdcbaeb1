package dev.moraine.proofs.certificate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Adds signatures over one message and finds those that spoil the sum. The sum is verified first, since all signers
 * are good almost always and one verification then stands for all; only if it fails is the set halved, down to the bad
 * ones: about {@code 2·b·log₂ m} verifications for {@code b} bad signatures among {@code m}.
 *
 * <p>Stateless and thread-safe.
 */
public final class SignatureAggregator {
    private SignatureAggregator() {}

    /**
     * Adds signatures.
     *
     * @param signatures the summands
     * @return the sum; empty if there is none to add, or if they cancel out, which honest signatures do not
     */
    public static Optional<BlsSignature> aggregate(List<BlsSignature> signatures) {
        BlsNative.SignaturePoint sum = BlsNative.sumOfSignatures(points(signatures));
        return sum == null ? Optional.empty() : Optional.of(new BlsSignature(sum));
    }

    /**
     * Verifies an aggregate over one message. The keys' holders must have proven that they know their secret keys, as
     * members of a committee have; this is why the method is not public.
     *
     * @param keys the keys of the signers, each as often as it signed
     * @param message the signed bytes
     * @param aggregate the sum of the signatures
     * @return whether it is good; false without keys, and if the keys cancel out
     */
    static boolean verifyAggregate(List<BlsPublicKey> keys, byte[] message, BlsSignature aggregate) {
        List<BlsNative.KeyPoint> points = new ArrayList<>(keys.size());
        for (BlsPublicKey key : keys) {
            points.add(key.point());
        }
        BlsNative.KeyPoint sum = BlsNative.sumOfKeys(points);
        return sum != null && BlsNative.verify(sum, message, BlsNative.Suite.SIGNATURE, aggregate.point());
    }

    /**
     * Finds the signatures that do not verify. What is left when they are dropped verifies as an aggregate, although
     * two dishonest signers may have hidden errors that cancel each other in it.
     *
     * @param keys the signers' keys, which have proven possession
     * @param signatures the signature of the key at the same place
     * @param message what all of them should have signed
     * @return the places of the bad ones, ascending; empty if the sum verifies
     * @throws IllegalArgumentException unless the lists have the same length
     */
    public static List<Integer> findBad(List<BlsPublicKey> keys, List<BlsSignature> signatures, byte[] message) {
        if (keys.size() != signatures.size()) {
            throw new IllegalArgumentException("signatures must be as many as keys, " + keys.size() + ", but are "
                    + signatures.size());
        }
        List<Integer> bad = new ArrayList<>();
        bisect(keys, signatures, message, 0, bad);
        return bad;
    }

    private static void bisect(
            List<BlsPublicKey> keys, List<BlsSignature> signatures, byte[] message, int first, List<Integer> bad) {
        int count = keys.size();
        if (count == 0 || verifiesTogether(keys, signatures, message)) {
            return;
        }
        if (count == 1) {
            bad.add(first);
            return;
        }
        int half = count / 2;
        bisect(keys.subList(0, half), signatures.subList(0, half), message, first, bad);
        bisect(keys.subList(half, count), signatures.subList(half, count), message, first + half, bad);
    }

    private static boolean verifiesTogether(
            List<BlsPublicKey> keys, List<BlsSignature> signatures, byte[] message) {
        Optional<BlsSignature> sum = aggregate(signatures);
        return sum.isPresent() && verifyAggregate(keys, message, sum.get());
    }

    private static List<BlsNative.SignaturePoint> points(List<BlsSignature> signatures) {
        List<BlsNative.SignaturePoint> points = new ArrayList<>(signatures.size());
        for (BlsSignature signature : signatures) {
            points.add(signature.point());
        }
        return points;
    }
}
