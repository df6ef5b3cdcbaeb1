package dev.moraine.codec;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the kernel of the process once, by {@code -Dmoraine.simd} or, for this module alone,
 * {@code -Dmoraine.simd.codec}: the width of the vectors in bits, or {@code scalar}. A kernel that is forced and cannot
 * run is an error, never replaced by another one in silence.
 *
 * <p>Thread-safe.
 */
final class KernelChoice {
    /** Chooses the kernels of all modules. */
    static final String GENERAL_PROPERTY = "moraine.simd";

    /** Chooses the kernel of this module, whatever {@link #GENERAL_PROPERTY} says. */
    static final String CODEC_PROPERTY = "moraine.simd.codec";

    /** The value that leaves the choice to the machine; what an absent property means. */
    static final String AUTOMATIC = "auto";

    /** The name of the kernel that needs no Vector API. */
    static final String SCALAR = "scalar";

    /** Names the module that the vector kernels need. */
    static final String VECTOR_MODULE = "jdk.incubator.vector";

    /** Widths that kernels are made for, best first. */
    private static final int[] VECTOR_BITS = {512, 256, 128};

    private static final int WIDEST_BITS =
            ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent() ? VectorMachine.widestBits() : 0;

    private static final KernelChoice AT_START =
            choose(System.getProperty(GENERAL_PROPERTY), System.getProperty(CODEC_PROPERTY), WIDEST_BITS);

    static {
        System.Logger logger = System.getLogger(KernelChoice.class.getPackageName());
        if (AT_START.automatic && WIDEST_BITS == 0) {
            logger.log(
                    Level.WARNING,
                    "Reed-Solomon kernel: scalar, many times slower than vectors; start Java with --add-modules={0}",
                    VECTOR_MODULE);
        } else if (AT_START.refusal.isEmpty()) {
            logger.log(Level.INFO, "Reed-Solomon kernel: {0}", AT_START.name);
        }
    }

    private final String name;
    private final boolean automatic;
    private final String refusal;

    private KernelChoice(String name, boolean automatic, String refusal) {
        this.name = name;
        this.automatic = automatic;
        this.refusal = refusal;
    }

    /** The choice that the properties of this process made. */
    static KernelChoice atStart() {
        return AT_START;
    }

    /**
     * The kernel of the process.
     *
     * @return the kernel
     * @throws IllegalStateException if the wanted kernel does not run here; names the property and the choices
     */
    static CodecKernel kernelAtStart() {
        return AT_START.name().equals(SCALAR) ? new ScalarKernel() : new VectorKernel();
    }

    /**
     * Chooses by the values of the two properties.
     *
     * @param general value of {@link #GENERAL_PROPERTY}, null if it is not set
     * @param codec value of {@link #CODEC_PROPERTY}, null if it is not set
     * @param widestBits bits of the widest vectors that run, 0 for none
     * @return a choice, which may be a refusal
     */
    static KernelChoice choose(@Nullable String general, @Nullable String codec, int widestBits) {
        String property = codec != null ? CODEC_PROPERTY : GENERAL_PROPERTY;
        String wanted = codec != null ? codec : general != null ? general : AUTOMATIC;
        List<String> available = new ArrayList<>();
        for (int bits : VECTOR_BITS) {
            if (bits <= widestBits) {
                available.add(Integer.toString(bits));
            }
        }
        available.add(SCALAR);
        if (wanted.equals(AUTOMATIC)) {
            return new KernelChoice(available.getFirst(), true, "");
        }
        if (available.contains(wanted)) {
            return new KernelChoice(wanted, false, "");
        }
        return new KernelChoice(
                "",
                false,
                "-D" + property + "=" + wanted + " names no Reed-Solomon kernel that runs here; choose one of: "
                        + AUTOMATIC + ", " + String.join(", ", available)
                        + (widestBits == 0 ? " (vectors need --add-modules=" + VECTOR_MODULE + ")" : ""));
    }

    /**
     * The name of the kernel that was chosen.
     *
     * @return a value of the properties
     * @throws IllegalStateException if the wanted kernel does not run here; names the property and the choices
     */
    String name() {
        if (!refusal.isEmpty()) {
            throw new IllegalStateException(refusal);
        }
        return name;
    }

    /**
     * The width of the chosen vectors.
     *
     * @return bits of a vector
     * @throws IllegalStateException if no vector kernel was chosen
     */
    int vectorBits() {
        if (name().equals(SCALAR)) {
            throw new IllegalStateException("the scalar kernel has no vectors");
        }
        return Integer.parseInt(name);
    }
}
