package dev.moraine.codec;

import dev.moraine.codec.field.CantorField;

/**
 * The polynomial {@code Λ(x) = Π (x + e)} over a set of erased points e, at all points at once. The logarithm of a
 * product is a sum of logarithms; the sum of {@code log(x + e)} over all e is a convolution with regard to XOR, which
 * the Walsh-Hadamard transform turns into products (F. Didier, "Efficient erasure decoding of Reed-Solomon codes",
 * 2009).
 */
final class ErasureLocator {
    private static final int[] TRANSFORMED_LOGARITHMS = transformedLogarithms();

    private ErasureLocator() {}

    /**
     * Evaluates the polynomial, and at its roots its derivative.
     *
     * @param erased whether a point is erased, for all {@link CantorField#SIZE} points
     * @return for every point x the product of {@code x + e} over all erased e other than x
     */
    static int[] values(boolean[] erased) {
        int[] values = new int[CantorField.SIZE];
        for (int point = 0; point < values.length; point++) {
            values[point] = erased[point] ? 1 : 0;
        }
        transform(values);
        // Sums may wrap, but what they come to, and its 256-fold, are small again.
        for (int i = 0; i < values.length; i++) {
            values[i] *= TRANSFORMED_LOGARITHMS[i];
        }
        transform(values);
        for (int point = 0; point < values.length; point++) {
            values[point] = CantorField.power(values[point] / CantorField.SIZE);
        }
        return values;
    }

    private static int[] transformedLogarithms() {
        int[] logarithms = new int[CantorField.SIZE];
        for (int element = 1; element < logarithms.length; element++) {
            logarithms[element] = CantorField.logarithm(element);
        }
        transform(logarithms);
        return logarithms;
    }

    private static void transform(int[] values) {
        for (int span = 1; span < values.length; span *= 2) {
            for (int block = 0; block < values.length; block += 2 * span) {
                for (int i = block; i < block + span; i++) {
                    int sum = values[i] + values[i + span];
                    values[i + span] = values[i] - values[i + span];
                    values[i] = sum;
                }
            }
        }
    }
}
