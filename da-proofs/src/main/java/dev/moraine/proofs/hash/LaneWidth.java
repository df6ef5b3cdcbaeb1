package dev.moraine.proofs.hash;

import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The width of all hash vectors of this process, as constants for the JIT: kernels are compiled for one width only.
 * Touch it only where {@link HashKernelChoice} chose vectors.
 */
final class LaneWidth {
    /** Bytes of a block of SHA-256. */
    static final int BLOCK_BYTES = 64;

    /** Words of a block of SHA-256. */
    static final int BLOCK_WORDS = 16;

    /** Words of the message schedule. */
    static final int SCHEDULE_WORDS = 64;

    /** Words of a digest. */
    static final int HASH_WORDS = 8;

    /** One word of each message. */
    static final VectorSpecies<Integer> SPECIES =
            VectorSpecies.of(int.class, VectorShape.forBitSize(HashKernelChoice.atStart().vectorBits()));

    /** The same width in bytes, of one message. */
    static final VectorSpecies<Byte> BYTE_SPECIES = SPECIES.withLanes(byte.class);

    /** Messages at once: 4, 8 or 16. */
    static final int LANES = SPECIES.length();

    /** A digest, or what of it fits a vector. */
    static final VectorSpecies<Integer> DIGEST_SPECIES = LANES < HASH_WORDS ? SPECIES : IntVector.SPECIES_256;

    /** How vectors lie in memory. Words of SHA-256 are big-endian, see {@link #SWAP}. */
    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    /** Indices that reverse the bytes of every word. */
    static final ByteVector SWAP = swap(BYTE_SPECIES);

    /** The same for {@link #DIGEST_SPECIES}. */
    static final ByteVector DIGEST_SWAP = swap(DIGEST_SPECIES.withLanes(byte.class));

    static {
        if (SPECIES.vectorBitSize() > IntVector.SPECIES_MAX.vectorBitSize() || LANES < 4 || LANES > BLOCK_WORDS) {
            throw new IllegalStateException("SHA-256 on vectors of " + SPECIES.vectorBitSize() + " bits does not run");
        }
    }

    private LaneWidth() {}

    /**
     * Where a hash value stands among all lanes' hash values, which are laid out so that transposing them as if they
     * were messages gives digests.
     *
     * @param word from 0 to 7
     * @return an index
     */
    static int hashAt(int word) {
        return word % LANES * BLOCK_WORDS + word / LANES * LANES;
    }

    /**
     * Repeats every number once a lane.
     *
     * @param numbers the numbers
     * @return each of them {@link #LANES} times
     */
    static int[] repeat(int... numbers) {
        int[] repeated = new int[numbers.length * LANES];
        for (int i = 0; i < repeated.length; i++) {
            repeated[i] = numbers[i / LANES];
        }
        return repeated;
    }

    /**
     * Indices that take two vectors, and from each of them every second group of lanes, to one vector.
     *
     * @param distance lanes of a group, a power of two
     * @param high whether to take the second group, the fourth, and so on
     * @return an index a lane; those from {@link #LANES} on mean the second vector
     */
    static int[] exchange(int distance, boolean high) {
        int[] indices = new int[LANES];
        for (int lane = 0; lane < LANES; lane++) {
            int taken = (lane & ~distance) | (high ? distance : 0);
            indices[lane] = (taken + ((lane & distance) == 0 ? 0 : LANES)) & (2 * LANES - 1);
        }
        return indices;
    }

    private static ByteVector swap(VectorSpecies<Byte> species) {
        byte[] indices = new byte[species.length()];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = (byte) (i ^ 3);
        }
        return ByteVector.fromArray(species, indices, 0);
    }
}
