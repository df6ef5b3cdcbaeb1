/** The basis in which planes count, beside the Cantor basis of bytes, and multiplication in it. */
final class PlaneBasis {
    private static final int PLANES = 8;
    private static final int[] CANTOR_BASIS = {1, 214, 152, 146, 86, 200, 88, 230};

    /** The planes' basis, as bytes in the Cantor basis. */
    private static final int[] PLANE_BASIS = new int[PLANES];

    static {
        for (int plane = 0; plane < PLANES; plane++) {
            PLANE_BASIS[plane] = plane < 4 ? 1 << plane : multiply(16, 1 << plane - 4);
        }
    }

    private PlaneBasis() {}

    /** Row j says which planes of y add up to plane j of factor·y. */
    static int[] matrixOf(int factor) {
        int[] toPlanes = planesOfBytes();
        int[] rows = new int[PLANES];
        for (int column = 0; column < PLANES; column++) {
            int image = apply(toPlanes, multiply(factor, PLANE_BASIS[column]));
            for (int row = 0; row < PLANES; row++) {
                rows[row] |= (image >> row & 1) << column;
            }
        }
        return rows;
    }

    static int[] bytesOfPlanes() {
        int[] rows = new int[PLANES];
        for (int column = 0; column < PLANES; column++) {
            for (int row = 0; row < PLANES; row++) {
                rows[row] |= (PLANE_BASIS[column] >> row & 1) << column;
            }
        }
        return rows;
    }

    static int[] planesOfBytes() {
        int[] toBytes = bytesOfPlanes();
        int[] rows = new int[PLANES];
        for (int planes = 0; planes < 1 << PLANES; planes++) {
            int image = apply(toBytes, planes);
            if (Integer.bitCount(image) == 1) {
                int column = Integer.numberOfTrailingZeros(image);
                for (int row = 0; row < PLANES; row++) {
                    rows[row] |= (planes >> row & 1) << column;
                }
            }
        }
        return rows;
    }

    private static int apply(int[] matrix, int vector) {
        int image = 0;
        for (int row = 0; row < matrix.length; row++) {
            image |= (Integer.bitCount(matrix[row] & vector) & 1) << row;
        }
        return image;
    }

    private static int multiply(int x, int y) {
        int product = 0;
        int a = polynomial(x);
        for (int b = polynomial(y); b != 0; b >>= 1) {
            product ^= (b & 1) * a;
            a = a << 1 ^ (a >> 7) * 0x11D;
        }
        for (int b = 0; b < 256; b++) {
            if (polynomial(b) == product) {
                return b;
            }
        }
        throw new AssertionError("the basis does not span the field");
    }

    private static int polynomial(int b) {
        int polynomial = 0;
        for (int bit = 0; bit < PLANES; bit++) {
            polynomial ^= (b >> bit & 1) * CANTOR_BASIS[bit];
        }
        return polynomial;
    }
}
