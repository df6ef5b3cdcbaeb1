package dev.moraine.codec;

import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the kernel of the process once, by {@code -Dmoraine.simd} or, for this module alone,
 * {@code -Dmoraine.simd.codec}. A kernel that is forced and cannot run is an error, never replaced by another one in
 * silence.
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

    /** Every kernel that this machine can run, best first. */
    private static final List<CodecKernel> AVAILABLE = List.of(new ScalarKernel());

    private static final KernelChoice AT_START =
            choose(System.getProperty(GENERAL_PROPERTY), System.getProperty(CODEC_PROPERTY));

    static {
        // At a level that is off by default: what runs is asked for by kernelName(), and a terminal stays quiet.
        if (AT_START.kernel != null) {
            System.getLogger(KernelChoice.class.getPackageName())
                    .log(Level.DEBUG, "Reed-Solomon kernel: {0}", AT_START.kernel.name());
        }
    }

    private final @Nullable CodecKernel kernel;
    private final String refusal;

    private KernelChoice(@Nullable CodecKernel kernel, String refusal) {
        this.kernel = kernel;
        this.refusal = refusal;
    }

    /** The choice that the properties of this process made. */
    static KernelChoice atStart() {
        return AT_START;
    }

    /**
     * Chooses by the values of the two properties.
     *
     * @param general value of {@link #GENERAL_PROPERTY}, null if it is not set
     * @param codec value of {@link #CODEC_PROPERTY}, null if it is not set
     * @return a choice, which may be a refusal
     */
    static KernelChoice choose(@Nullable String general, @Nullable String codec) {
        String property = codec != null ? CODEC_PROPERTY : GENERAL_PROPERTY;
        String wanted = codec != null ? codec : general != null ? general : AUTOMATIC;
        if (wanted.equals(AUTOMATIC)) {
            return new KernelChoice(AVAILABLE.getFirst(), "");
        }
        StringBuilder choices = new StringBuilder(AUTOMATIC);
        for (CodecKernel kernel : AVAILABLE) {
            if (kernel.name().equals(wanted)) {
                return new KernelChoice(kernel, "");
            }
            choices.append(", ").append(kernel.name());
        }
        return new KernelChoice(
                null,
                "-D" + property + "=" + wanted + " names no Reed-Solomon kernel that runs here; choose one of: "
                        + choices);
    }

    /**
     * The kernel that was chosen.
     *
     * @return the kernel
     * @throws IllegalStateException if the wanted kernel does not run here; names the property and the choices
     */
    CodecKernel kernel() {
        if (kernel == null) {
            throw new IllegalStateException(refusal);
        }
        return kernel;
    }
}
