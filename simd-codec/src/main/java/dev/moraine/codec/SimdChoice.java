package dev.moraine.codec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which kernel a module runs on: vectors of a width in bits, or {@code scalar}. The property
 * {@value #GENERAL_PROPERTY} chooses for all modules, a property of a module for that one alone. A kernel that is forced
 * and cannot run is an error, never replaced by another one in silence.
 *
 * <p>Immutable and thread-safe.
 */
public final class SimdChoice {
    /** Chooses the kernels of all modules. */
    public static final String GENERAL_PROPERTY = "moraine.simd";

    /** The value that leaves the choice to the machine; what an absent property means. */
    public static final String AUTOMATIC = "auto";

    /** The name of the kernel that needs no Vector API. */
    public static final String SCALAR = "scalar";

    /** Names the module that the vector kernels need. */
    public static final String VECTOR_MODULE = "jdk.incubator.vector";

    /** Widths that kernels are made for, best first. */
    private static final int[] VECTOR_BITS = {512, 256, 128};

    private static final int WIDEST_BITS =
            ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent() ? VectorMachine.widestBits() : 0;

    private final String name;
    private final boolean automatic;
    private final String refusal;

    private SimdChoice(String name, boolean automatic, String refusal) {
        this.name = name;
        this.automatic = automatic;
        this.refusal = refusal;
    }

    /**
     * Chooses by the properties and the vectors of this process.
     *
     * @param subject what the kernels compute, for messages
     * @param property chooses for the module, whatever {@value #GENERAL_PROPERTY} says
     * @param leastAutomaticBits bits of the narrowest vectors that are better than scalar; others must be forced
     * @return a choice, which may be a refusal
     */
    public static SimdChoice ofProcess(String subject, String property, int leastAutomaticBits) {
        return choose(
                subject,
                property,
                leastAutomaticBits,
                System.getProperty(GENERAL_PROPERTY),
                System.getProperty(property),
                WIDEST_BITS);
    }

    /**
     * Chooses by the values of the two properties.
     *
     * @param subject what the kernels compute, for messages
     * @param property the name of the module's property
     * @param leastAutomaticBits bits of the narrowest vectors that are better than scalar
     * @param general value of {@link #GENERAL_PROPERTY}, null if it is not set
     * @param own value of the module's property, null if it is not set
     * @param widestBits bits of the widest vectors that run, 0 for none
     * @return a choice, which may be a refusal
     */
    static SimdChoice choose(
            String subject,
            String property,
            int leastAutomaticBits,
            @Nullable String general,
            @Nullable String own,
            int widestBits) {
        String decisive = own != null ? property : GENERAL_PROPERTY;
        String wanted = own != null ? own : general != null ? general : AUTOMATIC;
        List<String> available = new ArrayList<>();
        for (int bits : VECTOR_BITS) {
            if (bits <= widestBits) {
                available.add(Integer.toString(bits));
            }
        }
        available.add(SCALAR);
        if (wanted.equals(AUTOMATIC)) {
            return new SimdChoice(widestBits < leastAutomaticBits ? SCALAR : available.getFirst(), true, "");
        }
        if (available.contains(wanted)) {
            return new SimdChoice(wanted, false, "");
        }
        return new SimdChoice(
                "",
                false,
                "-D" + decisive + "=" + wanted + " names no " + subject + " kernel that runs here; choose one of: "
                        + AUTOMATIC + ", " + String.join(", ", available)
                        + (widestBits == 0 ? " (vectors need --add-modules=" + VECTOR_MODULE + ")" : ""));
    }

    /**
     * Bits of the widest vectors that run in this process.
     *
     * @return bits of a vector, 0 if the module of the Vector API is not there
     */
    public static int widestBits() {
        return WIDEST_BITS;
    }

    /**
     * The name of the kernel that was chosen.
     *
     * @return a value of the properties
     * @throws IllegalStateException if the wanted kernel does not run here; names the property and the choices
     */
    public String name() {
        if (!refusal.isEmpty()) {
            throw new IllegalStateException(refusal);
        }
        return name;
    }

    /**
     * Whether the machine decided.
     *
     * @return false if a property forced the kernel, or named one that does not run here
     */
    public boolean isAutomatic() {
        return automatic;
    }

    /**
     * Whether the wanted kernel does not run here.
     *
     * @return true if {@link #name()} throws
     */
    public boolean isRefused() {
        return !refusal.isEmpty();
    }

    /**
     * The width of the chosen vectors.
     *
     * @return bits of a vector
     * @throws IllegalStateException if no vector kernel was chosen
     */
    public int vectorBits() {
        if (name().equals(SCALAR)) {
            throw new IllegalStateException("the scalar kernel has no vectors");
        }
        return Integer.parseInt(name);
    }
}
