package dev.moraine.codec.field;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Checks the tables against long multiplication of polynomials modulo 0x11D, which shares nothing with them. */
class CantorFieldTest {
    private static final int[] BASIS_OF_THE_PROTOCOL = {1, 214, 152, 146, 86, 200, 88, 230};

    @Test
    void aByteStandsForTheSumOfTheBasisElementsOfItsBits() {
        for (int b = 0; b < CantorField.SIZE; b++) {
            int sum = 0;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                sum ^= (b >> bit & 1) * BASIS_OF_THE_PROTOCOL[bit];
            }
            assertEquals(sum, CantorField.toPolynomial(b));
        }
        long distinct = IntStream.range(0, CantorField.SIZE).map(CantorField::toPolynomial).distinct().count();
        assertEquals(CantorField.SIZE, distinct);
    }

    @Test
    void everyBasisElementSolvesTheEquationOfTheOneBelow() {
        for (int i = 1; i < Byte.SIZE; i++) {
            int element = BASIS_OF_THE_PROTOCOL[i];
            assertEquals(BASIS_OF_THE_PROTOCOL[i - 1], multiplyPolynomials(element, element) ^ element);
        }
    }

    @Test
    void productsAreThoseOfThePolynomials() {
        for (int a = 0; a < CantorField.SIZE; a++) {
            for (int b = 0; b < CantorField.SIZE; b++) {
                int expected = multiplyPolynomials(CantorField.toPolynomial(a), CantorField.toPolynomial(b));
                assertEquals(expected, CantorField.toPolynomial(CantorField.multiply(a, b)), a + " times " + b);
            }
        }
    }

    @Test
    void anElementTimesItsInverseIsOne() {
        for (int a = 1; a < CantorField.SIZE; a++) {
            assertEquals(1, CantorField.multiply(a, CantorField.inverse(a)), "element " + a);
        }
        assertThrows(ArithmeticException.class, () -> CantorField.inverse(0));
    }

    private static int multiplyPolynomials(int a, int b) {
        int product = 0;
        for (int bit = 0; bit < Byte.SIZE; bit++) {
            product ^= (b >> bit & 1) * (a << bit);
        }
        for (int bit = 2 * Byte.SIZE - 2; bit >= Byte.SIZE; bit--) {
            product ^= (product >> bit & 1) * (CantorField.POLYNOMIAL << (bit - Byte.SIZE));
        }
        return product;
    }
}
