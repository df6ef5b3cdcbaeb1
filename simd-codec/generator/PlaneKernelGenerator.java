import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Writes {@code PlaneKernels}: butterflies of the additive Fourier transform over bit planes, one method for every
 * twiddle factor. With the eight bits of many field elements in eight vectors, multiplication by a constant is a fixed sum of
 * vectors for each result, so that a butterfly needs no shuffles; and what several results have in common is
 * computed once (C. Paar, "Optimized arithmetic for Reed-Solomon encoders", 1997). The JIT turns every two sums into
 * one instruction where the machine has one.
 *
 * <p>Planes count in the basis {@code β₀ … β₃, β₄·β₀ … β₄·β₃}, where β is the Cantor basis of the bytes. The first four
 * elements span GF(2⁴), so a factor below 16 maps the lower four planes to themselves and the upper four likewise:
 * kernels of such factors run over halves of cells, and four rows fit in the registers.
 *
 * <p>Run by the build: {@code java PlaneKernelGenerator.java <folder>}. It is one file, and a long one, because a JDK
 * before 22, which may be the one on the path, starts no program of several.
 */
final class PlaneKernelGenerator {
    /** Twiddle factors are even and below this; so points are, too. */
    private static final int FACTORS = 64;

    /** The factor of the last layer of the first block, whatever its size. */
    private static final int EXPANSION = 2;

    /** Factors below this lie in GF(2⁴). */
    private static final int SUBFIELD = 16;

    private static final int PLANES = 8;

    private final StringBuilder out = new StringBuilder();
    private final List<String> kernels = new ArrayList<>();
    private int variables;

    private PlaneKernelGenerator() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0], "dev", "moraine", "codec");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("PlaneKernels.java"), new PlaneKernelGenerator().generate());
    }

    private String generate() {
        line(0, "package dev.moraine.codec;");
        line(0, "");
        for (String name : List.of("BITWISE_BLEND", "LSHL", "LSHR", "XOR")) {
            line(0, "import static jdk.incubator.vector.VectorOperators." + name + ";");
        }
        line(0, "import static jdk.incubator.vector.LongVector.fromMemorySegment;");
        line(0, "");
        line(0, "import java.lang.foreign.MemorySegment;");
        line(0, "import java.nio.ByteOrder;");
        line(0, "import jdk.incubator.vector.IntVector;");
        line(0, "import jdk.incubator.vector.LongVector;");
        line(0, "import jdk.incubator.vector.VectorShape;");
        line(0, "import jdk.incubator.vector.VectorSpecies;");
        line(0, "");
        line(0, "/**");
        line(0, " * Butterflies over rows of bit planes, and the ways from bytes to planes and back. A cell is 8 vectors,");
        line(0, " * one for each plane; a row is one or more cells. Written by PlaneKernelGenerator.");
        line(0, " */");
        line(0, "final class PlaneKernels {");
        line(1, "/** Twiddle factors are even and below this. */");
        line(1, "static final int FACTORS = " + FACTORS + ";");
        line(0, "");
        line(1, "/** Factors below this keep to their half of a cell, and butterflies of four rows exist for them. */");
        line(1, "static final int SUBFIELD = " + SUBFIELD + ";");
        line(0, "");
        line(1, "/** Bytes of a cell. */");
        line(1, "static final int CELL_BYTES = 8 * VectorWidth.BYTES;");
        line(0, "");
        line(1, "private static final VectorSpecies<Long> SPECIES =");
        line(3, "VectorSpecies.of(long.class, VectorShape.forBitSize(8 * VectorWidth.BYTES));");
        line(1, "private static final VectorSpecies<Integer> INT_SPECIES = SPECIES.withLanes(int.class);");
        line(1, "private static final long BYTES = VectorWidth.BYTES;");
        line(1, "private static final int HALF_BYTES = 4 * VectorWidth.BYTES;");
        line(1, "private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;");
        line(0, "");
        line(1, "private PlaneKernels() {}");
        butterflies2();
        butterflies4();
        expansions();
        dispatch();
        conversions();
        line(0, "}");
        return out.toString();
    }

    // Butterflies of two rows, a and b, or of four: a, b, c and d.

    private void butterflies2() {
        family("INVERSE", "Values to coefficients: b += a, a += t·b, for even t below {@link #FACTORS}: add t/2.");
        for (int t = 0; t < FACTORS; t += 2) {
            int factor = t;
            kernel("inverse" + t, isWide(t), "ab", "ab", true, rows -> inverse(rows, "a", "b", factor));
        }
        family("INVERSE_OF_ZERO", "The same where row b is zero, whatever its memory holds.");
        for (int t = 0; t < FACTORS; t += 2) {
            int factor = t;
            kernel("inverseOfZero" + t, isWide(t), "a", "ab", true, rows -> inverse(rows, "a", "b", factor));
        }
        family("FORWARD", "Coefficients to values: a += t·b, b += a, for even t below half of the factors: add t/2.");
        for (int t = 0; t < FACTORS / 2; t += 2) {
            int factor = t;
            kernel("forward" + t, isWide(t), "ab", "ab", false, rows -> forward(rows, "a", "b", factor, true));
        }
        family("FORWARD_FIRST", "The same where row b is not wanted.");
        for (int t = 0; t < FACTORS / 2; t += 2) {
            int factor = t;
            kernel("forwardFirst" + t, isWide(t), "ab", "a", false, rows -> forward(rows, "a", "b", factor, false));
        }
    }

    private void butterflies4() {
        family("INVERSE_TWICE", "Two layers of INVERSE, by t and t + 2, then by t/2, for t = 0, 4, 8, 12 if only so"
                + " many rows are not zero: add t + rows − 1.");
        for (int t = 0; t < SUBFIELD; t += 4) {
            int factor = t;
            for (int used = 1; used <= 4; used++) {
                kernel("inverseTwice" + t + "Of" + used, false, "abcd".substring(0, used), "abcd", true, rows -> {
                    inverse(rows, "a", "b", factor);
                    inverse(rows, "c", "d", factor + 2);
                    inverse(rows, "a", "c", factor / 2);
                    inverse(rows, "b", "d", factor / 2);
                });
            }
        }
        family("FORWARD_TWICE", "Two layers of FORWARD, by t/2, then by t and t + 2, for t = 0, 4, 8, 12 if only so"
                + " many rows are wanted: add t + rows − 1.");
        for (int t = 0; t < SUBFIELD; t += 4) {
            int factor = t;
            for (int wanted = 1; wanted <= 4; wanted++) {
                int count = wanted;
                kernel("forwardTwice" + t + "To" + wanted, false, "abcd", "abcd".substring(0, wanted), false, rows ->
                        forwardTwice(rows, factor, count));
            }
        }
    }

    /** Where only half of the coefficients are not zero: the last layer back and the first layers forth. */
    private void expansions() {
        family("EXPAND", "INVERSE_OF_ZERO by " + EXPANSION + ", then FORWARD by 0.");
        kernel("expand", false, "a", "ab", false, rows -> {
            String[] coefficients = rows.get("a");
            rows.set("a", product(coefficients, EXPANSION ^ 1));
            rows.set("b", sum(coefficients, rows.get("a")));
        });
        family("EXPAND_TWICE", "From four rows to eight: INVERSE_OF_ZERO by " + EXPANSION + ", then three layers of"
                + " FORWARD, if at most two of the last four rows are wanted: add rows − 1.");
        for (int wanted = 1; wanted <= 2; wanted++) {
            int count = wanted;
            kernel("expandTwiceTo" + wanted, false, "abcd", "abcdef".substring(0, 4 + wanted), false, rows -> {
                Rows lower = new Rows(rows.planes, "abcd");
                expandUpper(rows);
                expandLower(lower, count);
                for (int row = 0; row < count; row++) {
                    rows.set("ef".substring(row, row + 1), lower.get("ab".substring(row, row + 1)));
                }
            });
        }
        family("EXPAND_UPPER", "From four rows to eight: INVERSE_OF_ZERO by " + EXPANSION + ", then three layers of"
                + " FORWARD. This gives the first four rows, in place of the coefficients.");
        kernel("expandUpper", false, "abcd", "abcd", false, this::expandUpper);
        family("EXPAND_LOWER", "The other four rows of EXPAND_UPPER, to be run before it, if three or four are wanted:"
                + " add rows − 3.");
        for (int wanted = 3; wanted <= 4; wanted++) {
            int count = wanted;
            kernel("expandLowerTo" + wanted, false, "abcd", "abcd".substring(0, wanted), true,
                    rows -> expandLower(rows, count));
        }
    }

    private void expandUpper(Rows rows) {
        for (String row : List.of("a", "b", "c", "d")) {
            rows.set(row, product(rows.get(row), EXPANSION ^ 1));
        }
        forwardTwice(rows, 0, 4);
    }

    private void expandLower(Rows rows, int wanted) {
        for (String row : List.of("a", "b", "c", "d")) {
            rows.set(row, product(rows.get(row), EXPANSION));
        }
        forwardTwice(rows, 4, wanted);
    }

    private void inverse(Rows rows, String x, String y, int factor) {
        if (rows.has(x)) {
            rows.set(y, rows.has(y) ? sum(rows.get(y), rows.get(x)) : rows.get(x));
            boolean isZero = rows.get(x) == rows.get(y);
            rows.set(x, isZero ? product(rows.get(x), factor ^ 1) : sums(rows.get(x), rows.get(y), factor));
        }
    }

    private void forward(Rows rows, String x, String y, int factor, boolean wantsBoth) {
        rows.set(x, sums(rows.get(x), rows.get(y), factor));
        if (wantsBoth) {
            rows.set(y, sum(rows.get(y), rows.get(x)));
        }
    }

    private void forwardTwice(Rows rows, int factor, int wanted) {
        forward(rows, "a", "c", factor / 2, wanted > 2);
        forward(rows, "b", "d", factor / 2, wanted > 2);
        forward(rows, "a", "b", factor, wanted > 1);
        if (wanted > 2) {
            forward(rows, "c", "d", factor + 2, wanted > 3);
        }
    }

    /** The kernels up to the next family have numbers from this constant on. */
    private void family(String name, String meaning) {
        line(0, "");
        line(1, "/** " + meaning + " */");
        line(1, "static final int " + name + " = " + kernels.size() + ";");
    }

    /**
     * A kernel that loads rows, computes and stores rows, for every cell or half of one. Rows are named by letters, in
     * the order in which they lie.
     */
    private void kernel(
            String name, boolean wide, String loaded, String stored, boolean moves, Consumer<Rows> computation) {
        kernels.add(name + "(cells, at, next, " + (moves ? "to, toNext, " : "") + "length);");
        String unit = wide ? "CELL_BYTES" : "HALF_BYTES";
        int planes = wide ? PLANES : PLANES / 2;
        line(0, "");
        line(1, "private static void " + name + "(");
        String targets = moves ? "long to, long toNext, " : "";
        line(3, "MemorySegment cells, long at, long next, " + targets + "int length) {");
        line(2, "for (int i = 0; i < length; i += " + unit + ") {");
        String touched = stored.length() > loaded.length() ? stored : loaded;
        for (int row = 0; row < touched.length(); row++) {
            char letter = touched.charAt(row);
            if (!moves || loaded.indexOf(letter) >= 0) {
                line(3, "MemorySegment " + letter + "At = cells.asSlice(at + " + row + " * next + i, " + unit + ");");
            }
            if (moves) {
                line(3, "MemorySegment " + letter + "To = cells.asSlice(to + " + row + " * toNext + i, " + unit + ");");
            }
        }
        variables = 0;
        for (char row : loaded.toCharArray()) {
            for (int plane = 0; plane < planes; plane++) {
                line(3, "LongVector " + row + plane + " = fromMemorySegment(SPECIES, " + row + "At, " + plane
                        + " * BYTES, ORDER);");
            }
        }
        Rows rows = new Rows(planes, loaded);
        computation.accept(rows);
        for (char row : stored.toCharArray()) {
            for (int plane = 0; plane < planes; plane++) {
                String result = rows.get(String.valueOf(row))[plane];
                if (moves || !result.equals("" + row + plane)) {
                    line(3, result + ".intoMemorySegment(" + row + (moves ? "To, " : "At, ") + plane
                            + " * BYTES, ORDER);");
                }
            }
        }
        line(2, "}");
        line(1, "}");
    }

    private void dispatch() {
        line(0, "");
        line(1, "/**");
        line(1, " * Runs butterflies over rows at equal distances.");
        line(1, " *");
        line(1, " * @param kernel a number that starts from a constant of this class");
        line(1, " * @param cells holds all rows");
        line(1, " * @param at offset of row a");
        line(1, " * @param next from a row to the next");
        line(1, " * @param to offset of row a of the result; those that work in place ignore it");
        line(1, " * @param toNext from a row to the next there");
        line(1, " * @param length bytes of each row, a multiple of {@link #CELL_BYTES}");
        line(1, " */");
        line(1, "static void run(");
        line(3, "int kernel, MemorySegment cells, long at, long next, long to, long toNext, int length) {");
        line(2, "switch (kernel) {");
        for (int kernel = 0; kernel < kernels.size(); kernel++) {
            line(3, "case " + kernel + " -> " + kernels.get(kernel));
        }
        line(3, "default -> throw new IllegalArgumentException(\"no kernel \" + kernel);");
        line(2, "}");
        line(1, "}");
    }

    // Bytes and planes.

    /**
     * Transposes eight vectors of bytes to eight of bits or back: vector j of either kind trades bit i of its bytes for
     * bit j of vector i, by three rounds of trades between vectors 4, 2 and 1 apart.
     */
    private void conversions() {
        conversionHead("Turns cells of bytes into cells of planes, and copies the bytes too.", "toPlanes",
                List.of("from", "to", "bytes"));
        String[] loaded = load("from", "Long");
        String[] transposed = reinterpret(transpose(loaded, "Long"), "Long");
        String[] planes = changeBasis(transposed, "Long", PlaneBasis.planesOfBytes());
        store(planes, "to");
        store(loaded, "bytes");
        conversionEnd();
        conversionHead("Turns cells of planes into cells of bytes.", "toBytes", List.of("from", "to"));
        store(transpose(changeBasis(load("from", "Int"), "Int", PlaneBasis.bytesOfPlanes()), "Int"), "to");
        conversionEnd();
        conversionHead("Turns cells of planes into cells of bytes, and copies the planes too.", "toBytesAndCopy",
                List.of("from", "to", "copy"));
        loaded = load("from", "Int");
        store(transpose(changeBasis(loaded, "Int", PlaneBasis.bytesOfPlanes()), "Int"), "to");
        store(loaded, "copy");
        conversionEnd();
    }

    private void conversionHead(String meaning, String name, List<String> places) {
        List<String> parameters = new ArrayList<>();
        line(0, "");
        line(1, "/**");
        line(1, " * " + meaning);
        line(1, " *");
        for (String place : places) {
            line(1, " * @param " + place + " holds the cells of this kind");
            line(1, " * @param " + place + "At offset of the first one there");
            line(1, " * @param " + place + "Next from a cell to the next there");
            parameters.add("MemorySegment " + place + ", long " + place + "At, long " + place + "Next");
        }
        line(1, " * @param count how many cells");
        line(1, " */");
        line(1, "static void " + name + "(");
        line(3, String.join(",\n            ", parameters) + ", int count) {");
        for (int distance = 1; distance < PLANES; distance *= 2) {
            String bits = Long.toHexString(upperBits(distance)).toUpperCase(Locale.ROOT);
            line(2, "LongVector longMask" + distance + " = LongVector.broadcast(SPECIES, 0x" + bits + "L);");
            line(2, "IntVector intMask" + distance + " = longMask" + distance + ".reinterpretAsInts();");
        }
        line(2, "for (int i = 0; i < count; i++) {");
        for (String place : places) {
            line(3, "MemorySegment " + place + "Cell = " + place + ".asSlice(" + place + "At + i * " + place
                    + "Next, CELL_BYTES);");
        }
        variables = 0;
    }

    private void conversionEnd() {
        line(2, "}");
        line(1, "}");
    }

    private String[] load(String place, String lanes) {
        String[] vectors = new String[PLANES];
        for (int vector = 0; vector < PLANES; vector++) {
            vectors[vector] = "x" + vector;
            String species = lanes.equals("Int") ? "INT_SPECIES" : "SPECIES";
            line(3, lanes + "Vector x" + vector + " = " + lanes + "Vector.fromMemorySegment(" + species + ", " + place
                    + "Cell, " + vector + " * BYTES, ORDER);");
        }
        return vectors;
    }

    private void store(String[] vectors, String place) {
        for (int vector = 0; vector < PLANES; vector++) {
            line(3, vectors[vector] + ".intoMemorySegment(" + place + "Cell, " + vector + " * BYTES, ORDER);");
        }
    }

    /**
     * The rounds take turns between lanes of long and int. That changes nothing but the JIT's view: it keeps each round
     * to two instructions a vector instead of mixing it with the next one, at three.
     */
    private String[] transpose(String[] vectors, String lanesBefore) {
        String[] now = vectors.clone();
        String lanes = lanesBefore;
        for (int distance = PLANES / 2; distance > 0; distance /= 2) {
            lanes = lanes.equals("Int") ? "Long" : "Int";
            now = reinterpret(now, lanes);
            for (int lower = 0; lower < PLANES; lower++) {
                if ((lower & distance) == 0) {
                    String x = now[lower];
                    String y = now[lower + distance];
                    String mask = ", " + lanes.toLowerCase(Locale.ROOT) + "Mask" + distance + ")";
                    now[lower] = variable(lanes,
                            x + ".lanewise(BITWISE_BLEND, " + y + ".lanewise(LSHL, " + distance + ")" + mask);
                    now[lower + distance] = variable(lanes,
                            x + ".lanewise(LSHR, " + distance + ").lanewise(BITWISE_BLEND, " + y + mask);
                }
            }
        }
        return now;
    }

    private String[] reinterpret(String[] vectors, String lanes) {
        String[] changed = new String[vectors.length];
        for (int i = 0; i < vectors.length; i++) {
            changed[i] = variable(lanes, vectors[i] + ".reinterpretAs" + lanes + "s()");
        }
        return changed;
    }

    private static long upperBits(int distance) {
        long bits = 0;
        for (int bit = 0; bit < Long.SIZE; bit++) {
            bits |= (long) (bit / distance & 1) << bit;
        }
        return bits;
    }

    private String[] changeBasis(String[] vectors, String lanes, int[] matrix) {
        String[] changed = new String[PLANES];
        for (int row = 0; row < PLANES; row++) {
            StringBuilder sum = new StringBuilder();
            for (int column = 0; column < PLANES; column++) {
                if ((matrix[row] >> column & 1) != 0) {
                    sum.append(sum.isEmpty() ? vectors[column] : ".lanewise(XOR, " + vectors[column] + ")");
                }
            }
            boolean isCopy = Integer.bitCount(matrix[row]) == 1;
            changed[row] = isCopy ? sum.toString() : variable(lanes, sum.toString());
        }
        return changed;
    }

    // Sums of vectors.

    private String variable(String value) {
        return variable("Long", value);
    }

    private String variable(String lanes, String value) {
        String name = "v" + variables++;
        line(3, lanes + "Vector " + name + " = " + value + ";");
        return name;
    }

    private String[] sum(String[] x, String[] y) {
        String[] sums = new String[x.length];
        for (int plane = 0; plane < x.length; plane++) {
            sums[plane] = variable(x[plane] + ".lanewise(XOR, " + y[plane] + ")");
        }
        return sums;
    }

    private String[] product(String[] y, int factor) {
        return sums(new String[y.length], y, factor);
    }

    /** x + factor·y, where x may be an array of nulls, for nothing. */
    private String[] sums(String[] x, String[] y, int factor) {
        SharedSums shared = new SharedSums(PlaneBasis.matrixOf(factor), x.length);
        List<String> terms = new ArrayList<>(Arrays.asList(y));
        for (int[] partial : shared.partialSums) {
            StringBuilder value = new StringBuilder(terms.get(partial[0]));
            for (int i = 1; i < partial.length; i++) {
                value.append(".lanewise(XOR, ").append(terms.get(partial[i])).append(')');
            }
            terms.add(variable(value.toString()));
        }
        String[] sums = new String[x.length];
        for (int plane = 0; plane < x.length; plane++) {
            StringBuilder value = new StringBuilder(x[plane] == null ? "" : x[plane]);
            for (int term = 0; term < terms.size(); term++) {
                if ((shared.rows[plane] >> term & 1) != 0) {
                    String name = terms.get(term);
                    value.append(value.isEmpty() ? name : ".lanewise(XOR, " + name + ")");
                }
            }
            boolean isName = value.indexOf("(") < 0;
            sums[plane] = isName ? value.toString() : variable(value.toString());
        }
        return sums;
    }

    private static boolean isWide(int factor) {
        return factor >= SUBFIELD;
    }

    private void line(int indent, String text) {
        out.append(text.isEmpty() ? "" : "    ".repeat(indent)).append(text).append('\n');
    }

    /** Names of the vectors that hold the rows while a kernel is written. */
    private static final class Rows {
        private final int planes;
        private final List<String> names = new ArrayList<>();
        private final List<String[]> values = new ArrayList<>();

        Rows(int planes, String loaded) {
            this.planes = planes;
            for (char name : loaded.toCharArray()) {
                String[] vectors = new String[planes];
                for (int plane = 0; plane < planes; plane++) {
                    vectors[plane] = "" + name + plane;
                }
                set(String.valueOf(name), vectors);
            }
        }

        boolean has(String name) {
            return names.contains(name);
        }

        String[] get(String name) {
            return values.get(names.indexOf(name));
        }

        void set(String name, String[] vectors) {
            int index = names.indexOf(name);
            if (index < 0) {
                names.add(name);
                values.add(vectors);
            } else {
                values.set(index, vectors);
            }
        }
    }

    /** The basis in which planes count, beside the Cantor basis of bytes, and multiplication in it. */
    private static final class PlaneBasis {
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

    /**
     * Sums of terms, and the partial sums that pay off: as long as there are two or three terms whose sum, made once, saves
     * instructions of three operands, the best such sum becomes a term of its own.
     */
    private static final class SharedSums {
        final List<int[]> partialSums = new ArrayList<>();
        final long[] rows;
        private int terms;

        SharedSums(int[] matrix, int planes) {
            rows = new long[planes];
            for (int row = 0; row < planes; row++) {
                rows[row] = matrix[row] & (1 << planes) - 1;
            }
            terms = planes;
            while (shareBest()) {
                terms++;
            }
        }

        private boolean shareBest() {
            int best = 0;
            int[] choice = {};
            for (int i = 0; i < terms; i++) {
                for (int j = i + 1; j < terms; j++) {
                    for (int k = j; k < terms; k++) {
                        int[] candidate = k == j ? new int[] {i, j} : new int[] {i, j, k};
                        int saved = saving(candidate);
                        if (saved > best || saved == best && best > 0 && candidate.length > choice.length) {
                            best = saved;
                            choice = candidate;
                        }
                    }
                }
            }
            if (best == 0) {
                return false;
            }
            long mask = maskOf(choice);
            for (int row = 0; row < rows.length; row++) {
                if ((rows[row] & mask) == mask) {
                    rows[row] = rows[row] & ~mask | 1L << terms;
                }
            }
            partialSums.add(choice);
            return true;
        }

        private int saving(int[] candidate) {
            long mask = maskOf(candidate);
            int saved = -1;
            for (long row : rows) {
                if ((row & mask) == mask) {
                    saved += instructions(row) - instructions(row & ~mask | 1L << terms);
                }
            }
            return saved;
        }

        private static int instructions(long row) {
            return (Long.bitCount(row) + 1) / 2;
        }

        private static long maskOf(int[] members) {
            long mask = 0;
            for (int member : members) {
                mask |= 1L << member;
            }
            return mask;
        }
    }
}
