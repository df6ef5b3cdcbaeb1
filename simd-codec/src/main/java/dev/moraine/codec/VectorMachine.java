package dev.moraine.codec;

import jdk.incubator.vector.ByteVector;

/** What the vectors of this machine can do. Touch it only where the module of the Vector API is there. */
final class VectorMachine {
    private VectorMachine() {}

    /** Bits of the widest byte vector that the JVM compiles to instructions. */
    static int widestBits() {
        return ByteVector.SPECIES_MAX.vectorBitSize();
    }
}
