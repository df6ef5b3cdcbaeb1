package dev.moraine.codec;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The width of all vectors of this process, as constants for the JIT: kernels are compiled for one width only. It is a
 * class of its own, because the one that chooses a kernel must load without the module of the Vector API.
 */
final class VectorWidth {
    /** Vectors of the width that {@link KernelChoice} chose at start. */
    static final VectorSpecies<Byte> SPECIES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(KernelChoice.atStart().vectorBits()));

    /** Bytes of a vector: 16, 32 or 64. */
    static final int BYTES = SPECIES.length();

    /** Bits of a byte that one shuffle looks up; it ignores those above. */
    static final int INDEX_BITS = Integer.numberOfTrailingZeros(BYTES);

    static {
        if (SPECIES.vectorBitSize() > ByteVector.SPECIES_MAX.vectorBitSize() || BYTES < 16) {
            throw new IllegalStateException("vectors of " + SPECIES.vectorBitSize() + " bits do not run here");
        }
    }

    private VectorWidth() {}
}
