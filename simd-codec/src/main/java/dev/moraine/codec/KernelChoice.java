package dev.moraine.codec;

import java.lang.System.Logger.Level;

/**
 * The kernel of this module, chosen once a process by {@link SimdChoice}; {@code -Dmoraine.simd.codec} chooses for this
 * module alone.
 *
 * <p>Thread-safe.
 */
final class KernelChoice {
    /** What the kernels compute. */
    static final String SUBJECT = "Reed-Solomon";

    /** Chooses the kernel of this module, whatever {@link SimdChoice#GENERAL_PROPERTY} says. */
    static final String CODEC_PROPERTY = "moraine.simd.codec";

    private static final SimdChoice AT_START = SimdChoice.ofProcess(SUBJECT, CODEC_PROPERTY, 0);

    static {
        System.Logger logger = System.getLogger(KernelChoice.class.getPackageName());
        if (AT_START.isAutomatic() && SimdChoice.widestBits() == 0) {
            logger.log(
                    Level.WARNING,
                    "Reed-Solomon kernel: scalar, many times slower than vectors; start Java with --add-modules={0}",
                    SimdChoice.VECTOR_MODULE);
        } else if (!AT_START.isRefused()) {
            logger.log(Level.INFO, "Reed-Solomon kernel: {0}", AT_START.name());
        }
    }

    private KernelChoice() {}

    /** The choice that the properties of this process made. */
    static SimdChoice atStart() {
        return AT_START;
    }

    /**
     * The kernel of the process.
     *
     * @return the kernel
     * @throws IllegalStateException if the wanted kernel does not run here; names the property and the choices
     */
    static CodecKernel kernelAtStart() {
        return AT_START.name().equals(SimdChoice.SCALAR) ? new ScalarKernel() : new VectorKernel();
    }
}
