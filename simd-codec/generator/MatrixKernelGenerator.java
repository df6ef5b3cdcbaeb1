import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes {@code MatrixKernels}: for a few pairs of target and source counts, the loop that adds the products of so many
 * sources to so many targets. All tables of such a block stay in registers while the loop runs over the bytes, which
 * is why the counts must be known to the compiler; and nothing may be a method of its own, because the JIT stops
 * inlining in a method this large, and vectors that cross a call are boxed.
 *
 * <p>Run by the build: {@code java MatrixKernelGenerator.java <folder>}.
 */
final class MatrixKernelGenerator {
    /**
     * Targets and sources of each block, the larger blocks of as many targets first. With vectors of 512 bits, the
     * 2·targets·sources tables, the sums and the bytes fit in 32 registers.
     */
    private static final int[][] BLOCKS = {{4, 2}, {4, 1}, {3, 2}, {3, 1}, {2, 4}, {2, 1}, {1, 4}, {1, 1}};

    private static final String PARAMETERS = "MemorySegment strips, long source, long target, int stride, int length,\n"
            + "            byte[] coefficients, int at, int rowLength";
    private static final String ARGUMENTS = "(strips, source, target, stride, length, coefficients, at, rowLength);";

    private final StringBuilder out = new StringBuilder();

    private MatrixKernelGenerator() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0], "dev", "moraine", "codec");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("MatrixKernels.java"), new MatrixKernelGenerator().generate());
    }

    private String generate() {
        line(0, "package dev.moraine.codec;");
        line(0, "");
        line(0, "import static jdk.incubator.vector.ByteVector.fromMemorySegment;");
        line(0, "import static jdk.incubator.vector.VectorOperators.LSHR;");
        line(0, "import static jdk.incubator.vector.VectorOperators.XOR;");
        line(0, "");
        line(0, "import java.lang.foreign.MemorySegment;");
        line(0, "import java.nio.ByteOrder;");
        line(0, "import jdk.incubator.vector.ByteVector;");
        line(0, "import jdk.incubator.vector.VectorSpecies;");
        line(0, "");
        line(0, "/** Blocks of a matrix of field elements, times strips. Written by MatrixKernelGenerator. */");
        line(0, "final class MatrixKernels {");
        line(1, "/** Targets of the largest block. */");
        line(1, "static final int MAX_TARGETS = " + BLOCKS[0][0] + ";");
        line(0, "");
        line(1, "private static final VectorSpecies<Byte> SPECIES = VectorWidth.SPECIES;");
        line(1, "private static final int BYTES = VectorWidth.BYTES;");
        line(1, "private static final int INDEX_BITS = VectorWidth.INDEX_BITS;");
        line(1, "private static final long TABLE_BYTES = ProductTables.TABLE_BYTES;");
        line(1, "private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;");
        line(0, "");
        line(1, "private MatrixKernels() {}");
        dispatch();
        for (int[] block : BLOCKS) {
            kernel("set", block[0], block[1]);
            kernel("add", block[0], block[1]);
        }
        line(0, "}");
        return out.toString();
    }

    private void dispatch() {
        line(0, "");
        line(1, "/**");
        line(1, " * Runs the largest block that there is for so many targets and at most so many sources.");
        line(1, " *");
        line(1, " * @param targets from 1 to {@link #MAX_TARGETS}");
        line(1, " * @param sources sources that are left, at least 1");
        line(1, " * @param first whether the targets are overwritten instead of added to");
        line(1, " * @param strips holds all strips");
        line(1, " * @param source offset of the first source strip");
        line(1, " * @param target offset of the first target strip");
        line(1, " * @param stride bytes from one strip to the next");
        line(1, " * @param length bytes of a strip to work on, a multiple of 64");
        line(1, " * @param coefficients field elements, target by target");
        line(1, " * @param at index of the coefficient of the first target and source");
        line(1, " * @param rowLength coefficients of a target");
        line(1, " * @return how many sources were used");
        line(1, " */");
        line(1, "static int multiply(");
        line(3, "int targets, int sources, boolean first,");
        line(3, PARAMETERS + ") {");
        for (int[] block : BLOCKS) {
            String name = block[0] + "x" + block[1];
            line(2, "if (targets == " + block[0] + " && sources >= " + block[1] + ") {");
            line(3, "if (first) {");
            line(4, "set" + name + ARGUMENTS);
            line(3, "} else {");
            line(4, "add" + name + ARGUMENTS);
            line(3, "}");
            line(3, "return " + block[1] + ";");
            line(2, "}");
        }
        line(2, "throw new IllegalArgumentException(targets + \" targets, \" + sources + \" sources\");");
        line(1, "}");
    }

    private void kernel(String kind, int targets, int sources) {
        line(0, "");
        line(1, "private static void " + kind + targets + "x" + sources + "(");
        line(3, PARAMETERS + ") {");
        line(2, "MemorySegment tables = ProductTables.TABLES;");
        for (int t = 0; t < targets; t++) {
            for (int s = 0; s < sources; s++) {
                String name = t + "_" + s;
                line(2, "long c" + name + " = (coefficients[at + " + t + " * rowLength + " + s
                        + "] & 0xFF) * TABLE_BYTES;");
                line(2, "ByteVector low" + name + " = " + load("tables", "c" + name) + ";");
                line(2, "ByteVector high" + name + " = " + load("tables", "c" + name + " + BYTES") + ";");
            }
        }
        strips("source", sources);
        strips("target", targets);
        line(2, "for (int i = 0; i < length; i += BYTES) {");
        for (int s = 0; s < sources; s++) {
            line(3, "ByteVector x" + s + " = " + load("strips", "source" + s + " + i") + ";");
            line(3, "ByteVector y" + s + " = x" + s
                    + ".reinterpretAsInts().lanewise(LSHR, INDEX_BITS).reinterpretAsBytes();");
        }
        for (int t = 0; t < targets; t++) {
            // Every two chained XORs become one instruction.
            boolean set = kind.equals("set");
            line(3, set ? "x0.selectFrom(low" + t + "_0)" : load("strips", "target" + t + " + i"));
            for (int s = 0; s < sources; s++) {
                String name = t + "_" + s;
                if (s > 0 || !set) {
                    line(5, ".lanewise(XOR, x" + s + ".selectFrom(low" + name + "))");
                }
                line(5, ".lanewise(XOR, y" + s + ".selectFrom(high" + name + "))");
            }
            line(5, ".intoMemorySegment(strips, target" + t + " + i, ORDER);");
        }
        line(2, "}");
        line(1, "}");
    }

    private void strips(String name, int count) {
        for (int strip = 0; strip < count; strip++) {
            line(2, "long " + name + strip + " = " + name + " + " + strip + "L * stride;");
        }
    }

    private static String load(String segment, String offset) {
        return "fromMemorySegment(SPECIES, " + segment + ", " + offset + ", ORDER)";
    }

    private void line(int indent, String text) {
        out.append(text.isEmpty() ? "" : "    ".repeat(indent)).append(text).append('\n');
    }
}
