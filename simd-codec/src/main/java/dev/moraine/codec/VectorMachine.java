package dev.moraine.codec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.incubator.vector.ByteVector;

/** What the vectors of this machine can do. Touch it only where the module of the Vector API is there. */
final class VectorMachine {
    /** What Linux calls the instructions that came with 512-bit vectors, and those that shuffle bytes in them. */
    private static final String WIDE_VECTORS = "avx512f";

    private static final String WIDE_BYTE_SHUFFLES = "avx512vbmi";

    private static final int WIDE_BITS = 512;

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private VectorMachine() {}

    /** Bits of the widest byte vector that the JVM compiles to instructions, shuffles of bytes included. */
    static int widestBits() {
        int preferredBits = ByteVector.SPECIES_MAX.vectorBitSize();
        return preferredBits < WIDE_BITS ? preferredBits : widestBits(preferredBits, cpuFlags());
    }

    /**
     * The widest vectors whose bytes can be shuffled. The first processors with 512-bit vectors have no instruction for
     * that: the JVM prefers the width all the same and runs each shuffle as Java code, a hundred times slower than at
     * 256 bits.
     *
     * @param preferredBits bits of the widest byte vector of the JVM
     * @param cpuFlags what the processor can do; empty if nobody knows, and then the JVM's width is taken
     * @return bits of a vector
     */
    static int widestBits(int preferredBits, Set<String> cpuFlags) {
        boolean slow = cpuFlags.contains(WIDE_VECTORS) && !cpuFlags.contains(WIDE_BYTE_SHUFFLES);
        return slow ? Math.min(preferredBits, WIDE_BITS / 2) : preferredBits;
    }

    /**
     * The flags of the first processor.
     *
     * @param cpuInfo lines as Linux gives them
     * @return the flags, none if there is no such line
     */
    static Set<String> cpuFlags(List<String> cpuInfo) {
        return cpuInfo.stream()
                .filter(line -> line.startsWith("flags"))
                .limit(1)
                .flatMap(line -> Arrays.stream(line.substring(line.indexOf(':') + 1).strip().split(" ", -1)))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Set<String> cpuFlags() {
        try {
            return Files.isReadable(CPU_INFO) ? cpuFlags(Files.readAllLines(CPU_INFO)) : Set.of();
        } catch (IOException e) {
            return Set.of();
        }
    }
}
