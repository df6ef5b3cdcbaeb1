package dev.moraine.codec.field;

/**
 * GF(2⁸) in the Cantor basis (protocol, section 2). A byte {@code b} stands for the field element {@code β(b)}, a
 * polynomial modulo {@code x⁸+x⁴+x³+x²+1}; every method here takes and gives bytes, never polynomials, unless it says
 * otherwise. Because β is linear, the sum of two elements is the XOR of their bytes.
 *
 * <p>The basis {@code v₀ = 1, vᵢ² + vᵢ = vᵢ₋₁} is that of D. G. Cantor, "On arithmetical algorithms over finite fields"
 * (1989); of the two roots of each equation it takes the one that Leopard takes.
 *
 * <p>Stateless and thread-safe. Elements are ints from 0 to 255.
 */
public final class CantorField {
    /** Number of elements. */
    public static final int SIZE = 256;

    /** The reduction polynomial {@code x⁸+x⁴+x³+x²+1}, lowest coefficient in the lowest bit. */
    public static final int POLYNOMIAL = 0x11D;

    private static final int GROUP_ORDER = SIZE - 1;
    private static final int[] BASIS = {1, 214, 152, 146, 86, 200, 88, 230};

    /** Discrete logarithms of bytes to the base x. The entry of zero is not used. */
    private static final short[] LOG = new short[SIZE];

    /** Powers of x as bytes, twice over, so that a sum of two logarithms needs no reduction. */
    private static final short[] EXP = new short[2 * GROUP_ORDER];

    static {
        short[] byteOfPolynomial = new short[SIZE];
        for (int b = 0; b < SIZE; b++) {
            byteOfPolynomial[toPolynomial(b)] = (short) b;
        }
        int power = 1;
        for (int exponent = 0; exponent < GROUP_ORDER; exponent++) {
            short b = byteOfPolynomial[power];
            LOG[b] = (short) exponent;
            EXP[exponent] = b;
            EXP[exponent + GROUP_ORDER] = b;
            power <<= 1;
            if (power >= SIZE) {
                power ^= POLYNOMIAL;
            }
        }
    }

    private CantorField() {}

    /**
     * The map β: the polynomial that a byte stands for.
     *
     * @param b an element
     * @return its polynomial, lowest coefficient in the lowest bit
     */
    public static int toPolynomial(int b) {
        int polynomial = 0;
        for (int bit = 0; bit < BASIS.length; bit++) {
            if ((b >>> bit & 1) != 0) {
                polynomial ^= BASIS[bit];
            }
        }
        return polynomial;
    }

    /**
     * The product of two elements.
     *
     * @param a an element
     * @param b an element
     * @return {@code a·b}
     */
    public static int multiply(int a, int b) {
        return a == 0 || b == 0 ? 0 : EXP[LOG[a] + LOG[b]];
    }

    /**
     * The multiplicative inverse of an element.
     *
     * @param a an element other than zero
     * @return {@code 1/a}
     * @throws ArithmeticException if the element is zero
     */
    public static int inverse(int a) {
        if (a == 0) {
            throw new ArithmeticException("zero has no inverse in GF(2^8)");
        }
        return EXP[GROUP_ORDER - LOG[a]];
    }

    /**
     * The discrete logarithm of an element to the base x.
     *
     * @param a an element other than zero
     * @return the exponent, from 0 to 254
     * @throws ArithmeticException if the element is zero
     */
    public static int logarithm(int a) {
        if (a == 0) {
            throw new ArithmeticException("zero has no logarithm in GF(2^8)");
        }
        return LOG[a];
    }

    /**
     * A power of x.
     *
     * @param exponent any exponent from 0 on
     * @return the element
     */
    public static int power(int exponent) {
        return EXP[exponent % GROUP_ORDER];
    }
}
