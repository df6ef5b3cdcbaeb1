package dev.moraine.proofs.hash;

import dev.moraine.codec.SimdChoice;
import java.lang.System.Logger.Level;

/**
 * The hash kernel, chosen once a process by {@link SimdChoice}; {@code -Dmoraine.simd.hash} chooses for hashing alone.
 *
 * <p>Thread-safe.
 */
final class HashKernelChoice {
    /** What the kernels compute. */
    static final String SUBJECT = "SHA-256";

    /** Chooses the hash kernel, whatever {@link SimdChoice#GENERAL_PROPERTY} says. */
    static final String HASH_PROPERTY = "moraine.simd.hash";

    /**
     * Narrower vectors are used only when they are forced: they gain nothing over the SHA instructions that processors
     * with such vectors have, and that the JDK uses.
     */
    static final int LEAST_AUTOMATIC_BITS = 512;

    private static final SimdChoice AT_START =
            SimdChoice.ofProcess(SUBJECT, HASH_PROPERTY, LEAST_AUTOMATIC_BITS);

    static {
        if (!AT_START.isRefused()) {
            System.getLogger(HashKernelChoice.class.getPackageName())
                    .log(Level.INFO, "SHA-256 kernel: {0}", AT_START.name());
        }
    }

    private HashKernelChoice() {}

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
    static Sha256Kernel kernelAtStart() {
        return AT_START.name().equals(SimdChoice.SCALAR) ? new JdkSha256Kernel() : new LanesSha256Kernel();
    }
}
