package dev.moraine.codec;

import dev.moraine.codec.field.CantorField;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The tables by which a kernel multiplies with a constant, for all 256 constants. A shuffle of a vector of {@code 2^b}
 * bytes looks up the lowest b bits of every byte and ignores the others. So the product with c takes two shuffles: one
 * of the products of c with the lowest b bits, and one, after a shift by b, of the products with the bits above.
 *
 * <p>Entries of the second table repeat, since the bits that the shift brings in from the next byte must not count.
 */
final class ProductTables {
    /** Bytes of the tables of one constant, low table first. */
    static final long TABLE_BYTES = 2L * VectorWidth.BYTES;

    /** The tables of constant c begin at byte {@code c·TABLE_BYTES}. Read-only by convention, for the JIT's sake. */
    static final MemorySegment TABLES = fill();

    private ProductTables() {}

    private static MemorySegment fill() {
        MemorySegment tables = Arena.global().allocate(CantorField.SIZE * TABLE_BYTES, VectorWidth.BYTES);
        for (int constant = 0; constant < CantorField.SIZE; constant++) {
            for (int index = 0; index < VectorWidth.BYTES; index++) {
                long low = constant * TABLE_BYTES + index;
                int highBits = (index << VectorWidth.INDEX_BITS) & (CantorField.SIZE - 1);
                tables.set(ValueLayout.JAVA_BYTE, low, (byte) CantorField.multiply(constant, index));
                tables.set(
                        ValueLayout.JAVA_BYTE,
                        low + VectorWidth.BYTES,
                        (byte) CantorField.multiply(constant, highBits));
            }
        }
        return tables;
    }
}
