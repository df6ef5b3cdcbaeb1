import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes {@code Sha256Lanes}: the compression function of SHA-256 (FIPS 180-4, section 6.2.2) on as many messages at
 * once as a vector has lanes of 32 bits.
 *
 * <p>It is cut into methods that each hold one unrolled loop, and none of which calls another method of ours: the JIT
 * stops inlining in a method this large, and vectors that cross a call are boxed. They are no longer than they are
 * because the first compiler, too, must be able to compile them: where it cannot, it leaves them to the interpreter for
 * many thousand calls. Between them the words of a block pass through an array that stays in the first-level cache.
 *
 * <p>Run by the build: {@code java Sha256LanesGenerator.java <folder>}.
 */
final class Sha256LanesGenerator {
    /** Words of a block. */
    private static final int BLOCK_WORDS = 16;

    /** Words of the message schedule, and rounds. */
    private static final int ROUNDS = 64;

    /** Rounds of an iteration: after so many, each of the eight variables is what it was before. */
    private static final int ROUNDS_UNROLLED = 8;

    /** Steps of the message schedule of an iteration. */
    private static final int STEPS_UNROLLED = 8;

    /** Lanes of the vectors that there are. */
    private static final int[] LANES = {4, 8, 16};

    private final StringBuilder out = new StringBuilder();

    private Sha256LanesGenerator() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0], "dev", "moraine", "proofs", "hash");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("Sha256Lanes.java"), new Sha256LanesGenerator().generate());
    }

    private String generate() {
        line(0, "package dev.moraine.proofs.hash;");
        line(0, "");
        line(0, "import static jdk.incubator.vector.IntVector.fromArray;");
        for (String operator : new String[] {"AND", "BITWISE_BLEND", "LSHR", "OR", "ROR", "XOR"}) {
            line(0, "import static jdk.incubator.vector.VectorOperators." + operator + ";");
        }
        line(0, "");
        line(0, "import jdk.incubator.vector.IntVector;");
        line(0, "import jdk.incubator.vector.VectorSpecies;");
        line(0, "");
        line(0, "/** SHA-256 of one message a lane. Written by Sha256LanesGenerator. */");
        line(0, "final class Sha256Lanes {");
        line(1, "private static final VectorSpecies<Integer> SPECIES = LaneWidth.SPECIES;");
        line(1, "private static final int LANES = LaneWidth.LANES;");
        constants();
        line(0, "");
        line(1, "private Sha256Lanes() {}");
        transposeDispatch();
        for (int lanes : LANES) {
            transpose(lanes);
        }
        schedule();
        shortSchedule();
        rounds();
        line(0, "}");
        return out.toString();
    }

    /** Round constants, once for each lane: a load is cheaper than a broadcast. */
    private void constants() {
        line(0, "");
        line(1, "/** The constant of every round, once a lane. */");
        line(1, "private static final int[] ROUND_CONSTANTS = LaneWidth.repeat(");
        for (int t = 0; t < ROUNDS; t += 8) {
            StringBuilder row = new StringBuilder();
            for (int i = t; i < t + 8; i++) {
                row.append(String.format("0x%08x", cubeRootFraction(prime(i))))
                        .append(i == ROUNDS - 1 ? ");" : i % 8 == 7 ? "," : ", ");
            }
            line(3, row.toString());
        }
        line(0, "");
        for (int distance = 1; distance < LANES[LANES.length - 1]; distance *= 2) {
            line(1, "private static final int[] LOW_" + distance + " = LaneWidth.exchange(" + distance + ", false);");
            line(1, "private static final int[] HIGH_" + distance + " = LaneWidth.exchange(" + distance + ", true);");
        }
    }

    private void transposeDispatch() {
        line(0, "");
        line(1, "/**");
        line(1, " * Turns the 16 words of one message after another into, for each word, those of all messages.");
        line(1, " *");
        line(1, " * @param messages 16 words a lane");
        line(1, " * @param words receives 16 vectors, one a word");
        line(1, " */");
        line(1, "static void transpose(int[] messages, int[] words) {");
        for (int lanes : LANES) {
            line(2, (lanes == LANES[0] ? "if" : "} else if") + " (LANES == " + lanes + ") {");
            line(3, "transpose" + lanes + "(messages, words);");
        }
        line(2, "} else {");
        line(3, "throw new IllegalStateException(\"no transposition for \" + LANES + \" lanes\");");
        line(2, "}");
        line(1, "}");
    }

    /** Squares of words as wide as a vector, each transposed by exchanging halves, then quarters, and so on. */
    private void transpose(int lanes) {
        line(0, "");
        line(1, "private static void transpose" + lanes + "(int[] messages, int[] words) {");
        for (int distance = lanes / 2; distance >= 1; distance /= 2) {
            line(2, "IntVector low" + distance + " = fromArray(SPECIES, LOW_" + distance + ", 0);");
            line(2, "IntVector high" + distance + " = fromArray(SPECIES, HIGH_" + distance + ", 0);");
        }
        line(2, "for (int square = 0; square < " + BLOCK_WORDS + "; square += " + lanes + ") {");
        for (int lane = 0; lane < lanes; lane++) {
            line(3, "IntVector m" + lane + "_" + lanes + " = fromArray(SPECIES, messages, square + "
                    + lane * BLOCK_WORDS + ");");
        }
        for (int distance = lanes / 2; distance >= 1; distance /= 2) {
            for (int i = 0; i < lanes; i++) {
                String half = (i & distance) == 0 ? "low" : "high";
                line(3, "IntVector m" + i + "_" + distance + " = " + half + distance + ".selectFrom(m"
                        + (i & ~distance) + "_" + 2 * distance + ", m" + (i | distance) + "_" + 2 * distance + ");");
            }
        }
        for (int i = 0; i < lanes; i++) {
            line(3, "m" + i + "_1.intoArray(words, (square + " + i + ") * " + lanes + ");");
        }
        line(2, "}");
        line(1, "}");
    }

    private void schedule() {
        line(0, "");
        line(1, "/**");
        line(1, " * Extends the message schedule to its 64 words.");
        line(1, " *");
        line(1, " * @param words one vector a word");
        line(1, " * @param known how many words are there, 16 or 32");
        line(1, " */");
        line(1, "static void extend(int[] words, int known) {");
        line(2, "for (int at = (known - 16) * LANES; at < 48 * LANES; at += " + STEPS_UNROLLED + " * LANES) {");
        for (int i = 0; i < BLOCK_WORDS; i++) {
            line(3, "IntVector w" + i + " = " + word("at", i) + ";");
        }
        for (int i = 0; i < STEPS_UNROLLED; i++) {
            String next = "w" + (i + 16);
            String late = "w" + (i + 14);
            line(3, "IntVector " + next + " = w" + i + ".add(w" + (i + 9) + ").add(" + sigma("w" + (i + 1), 7, 18, 3)
                    + ")");
            line(5, ".add(" + sigma(late, 17, 19, 10) + ");");
            line(3, next + ".intoArray(words, at + " + (i + 16) + " * LANES);");
        }
        line(2, "}");
        line(1, "}");
    }

    /**
     * The words 16 to 31 of a block whose words 1 to 14 are zero and whose word 15 is the same in all lanes: what is
     * the same in all lanes is there already, and sums leave out what is zero.
     */
    private void shortSchedule() {
        line(0, "");
        line(1, "/**");
        line(1, " * Extends the message schedule to 32 words, for messages that have one byte in this block.");
        line(1, " *");
        line(1, " * @param words word 0 of each lane; words 1 to 15, 17, 19 and 21, which are equal in all lanes; and");
        line(1, " *     receives the others");
        line(1, " */");
        line(1, "static void extendShort(int[] words) {");
        boolean[] isZero = new boolean[32];
        boolean[] isGiven = new boolean[32];
        for (int i = 1; i < 15; i++) {
            isZero[i] = true;
        }
        for (int i : new int[] {0, 15, 17, 19, 21}) {
            isGiven[i] = true;
            line(2, "IntVector w" + i + " = " + word(i) + ";");
        }
        for (int i = 16; i < 32; i++) {
            if (isGiven[i]) {
                continue;
            }
            StringBuilder sum = new StringBuilder();
            append(sum, isZero[i - 16], "w" + (i - 16));
            append(sum, isZero[i - 7], "w" + (i - 7));
            append(sum, isZero[i - 15], sigma("w" + (i - 15), 7, 18, 3));
            append(sum, isZero[i - 2], sigma("w" + (i - 2), 17, 19, 10));
            line(2, "IntVector w" + i + " = " + sum + ";");
            line(2, "w" + i + ".intoArray(words, " + i + " * LANES);");
        }
        line(1, "}");
    }

    private static void append(StringBuilder sum, boolean isZero, String term) {
        if (!isZero) {
            sum.append(sum.isEmpty() ? term : ".add(" + term + ")");
        }
    }

    private void rounds() {
        line(0, "");
        line(1, "/**");
        line(1, " * Runs the 64 rounds and adds what they give to the hash values.");
        line(1, " *");
        line(1, " * @param words the message schedule, one vector a word");
        line(1, " * @param hashes the eight hash values, each a vector at {@link LaneWidth#hashAt}");
        line(1, " */");
        line(1, "static void compress(int[] words, int[] hashes) {");
        for (int i = 0; i < 8; i++) {
            line(2, "IntVector " + variable(i) + " = fromArray(SPECIES, hashes, LaneWidth.hashAt(" + i + "));");
        }
        line(2, "for (int at = 0; at < " + ROUNDS + " * LANES; at += " + ROUNDS_UNROLLED + " * LANES) {");
        for (int t = 0; t < ROUNDS_UNROLLED; t++) {
            round(t);
        }
        line(2, "}");
        for (int i = 0; i < 8; i++) {
            line(2, "fromArray(SPECIES, hashes, LaneWidth.hashAt(" + i + ")).add(" + variable(i)
                    + ").intoArray(hashes, LaneWidth.hashAt(" + i + "));");
        }
        line(1, "}");
    }

    /** Instead of moving each variable to the next, every round calls them by other names. */
    private void round(int t) {
        String a = variable(-t);
        String b = variable(1 - t);
        String c = variable(2 - t);
        String d = variable(3 - t);
        String e = variable(4 - t);
        String f = variable(5 - t);
        String g = variable(6 - t);
        String h = variable(7 - t);
        // What waits for e of the round before is added last.
        line(3, h + " = " + h + ".add(" + word("at", t) + ".add(fromArray(SPECIES, ROUND_CONSTANTS, at + " + t
                + " * LANES)))");
        line(5, ".add(" + g + ".lanewise(BITWISE_BLEND, " + f + ", " + e + "))");
        line(5, ".add(" + sum(e, 6, 11, 25) + ");");
        line(3, d + " = " + d + ".add(" + h + ");");
        line(3, h + " = " + h + ".add(" + a + ".lanewise(AND, " + b + ").lanewise(OR, " + c + ".lanewise(AND, " + a
                + ".lanewise(OR, " + b + "))))");
        line(5, ".add(" + sum(a, 2, 13, 22) + ");");
    }

    /** Three chained XORs of rotations, two of which become one instruction. */
    private static String sum(String x, int first, int second, int third) {
        return x + ".lanewise(ROR, " + first + ").lanewise(XOR, " + x + ".lanewise(ROR, " + second
                + ")).lanewise(XOR, " + x + ".lanewise(ROR, " + third + "))";
    }

    private static String sigma(String x, int first, int second, int shift) {
        return x + ".lanewise(ROR, " + first + ").lanewise(XOR, " + x + ".lanewise(ROR, " + second
                + ")).lanewise(XOR, " + x + ".lanewise(LSHR, " + shift + "))";
    }

    private static String variable(int index) {
        return "v" + Math.floorMod(index, 8);
    }

    private static String word(String at, int index) {
        return "fromArray(SPECIES, words, " + at + " + " + index + " * LANES)";
    }

    private static String word(int index) {
        return "fromArray(SPECIES, words, " + index + " * LANES)";
    }

    private static int prime(int index) {
        int prime = 2;
        for (int found = 0; ; prime++) {
            if (BigInteger.valueOf(prime).isProbablePrime(20) && found++ == index) {
                return prime;
            }
        }
    }

    /** The first 32 bits of the fractional part of a cube root. */
    private static int cubeRootFraction(int number) {
        BigInteger scaled = BigInteger.valueOf(number).shiftLeft(96);
        BigInteger root = BigInteger.ZERO;
        for (int bit = 36; bit >= 0; bit--) {
            BigInteger larger = root.setBit(bit);
            if (larger.pow(3).compareTo(scaled) <= 0) {
                root = larger;
            }
        }
        return root.intValue();
    }

    private void line(int indent, String text) {
        out.append(text.isEmpty() ? "" : "    ".repeat(indent)).append(text).append('\n');
    }
}
