package dev.moraine.codec;

import static jdk.incubator.vector.ByteVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of the additive Fourier transform over strips, one or two layers at a time. A butterfly of one layer takes
 * the strips x and y, {@code distance} bytes apart, and the twiddle factor t of their block:
 *
 * <ul>
 *   <li>forward: {@code x += t·y}, then {@code y += x};
 *   <li>inverse: {@code y += x}, then {@code x += t·y}.
 * </ul>
 *
 * <p>Two layers at once take strips a, b, c, d at equal distances. If t is the factor of the layer with pairs (a, c)
 * and (b, d), then those of (a, b) and (c, d) in the other layer are the bytes {@code 2t} and {@code 2t + 2}: see
 * {@link StripTransform}. The variants {@code AtZero} are those for t = 0, which multiply only by 2.
 *
 * <p>Nothing here is shared between the loops: a method of our own that takes or gives vectors is not inlined in loops
 * of this size, and boxes them.
 */
final class Butterflies {
    private static final VectorSpecies<Byte> SPECIES = VectorWidth.SPECIES;
    private static final int BYTES = VectorWidth.BYTES;
    private static final int INDEX_BITS = VectorWidth.INDEX_BITS;
    private static final long TABLE_BYTES = ProductTables.TABLE_BYTES;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private Butterflies() {}

    /** Two inverse layers. */
    static void inverse4(MemorySegment m, long at, long distance, int length, int t) {
        MemorySegment tables = ProductTables.TABLES;
        long tableAb = 2L * t * TABLE_BYTES;
        ByteVector lowAb = fromMemorySegment(SPECIES, tables, tableAb, ORDER);
        ByteVector highAb = fromMemorySegment(SPECIES, tables, tableAb + BYTES, ORDER);
        long tableCd = (2L * t + 2) * TABLE_BYTES;
        ByteVector lowCd = fromMemorySegment(SPECIES, tables, tableCd, ORDER);
        ByteVector highCd = fromMemorySegment(SPECIES, tables, tableCd + BYTES, ORDER);
        long tableAc = t * TABLE_BYTES;
        ByteVector lowAc = fromMemorySegment(SPECIES, tables, tableAc, ORDER);
        ByteVector highAc = fromMemorySegment(SPECIES, tables, tableAc + BYTES, ORDER);
        long bAt = at + distance;
        long cAt = at + 2 * distance;
        long dAt = at + 3 * distance;
        for (int i = 0; i < length; i += BYTES) {
            ByteVector a = fromMemorySegment(SPECIES, m, at + i, ORDER);
            ByteVector b = fromMemorySegment(SPECIES, m, bAt + i, ORDER);
            ByteVector c = fromMemorySegment(SPECIES, m, cAt + i, ORDER);
            ByteVector d = fromMemorySegment(SPECIES, m, dAt + i, ORDER);
            b = b.lanewise(XOR, a);
            ByteVector bHighAb = b.reinterpretAsInts().lanewise(LSHR, INDEX_BITS).reinterpretAsBytes();
            a = a.lanewise(XOR, b.selectFrom(lowAb)).lanewise(XOR, bHighAb.selectFrom(highAb));
            d = d.lanewise(XOR, c);
            ByteVector dHighCd = d.reinterpretAsInts().lanewise(LSHR, INDEX_BITS).reinterpretAsBytes();
            c = c.lanewise(XOR, d.selectFrom(lowCd)).lanewise(XOR, dHighCd.selectFrom(highCd));
            c = c.lanewise(XOR, a);
            ByteVector cHighAc = c.reinterpretAsInts().lanewise(LSHR, INDEX_BITS).reinterpretAsBytes();
            a = a.lanewise(XOR, c.selectFrom(lowAc)).lanewise(XOR, cHighAc.selectFrom(highAc));
            d = d.lanewise(XOR, b);
            ByteVector dHighAc = d.reinterpretAsInts().lanewise(LSHR, INDEX_BITS).reinterpretAsBytes();
            b = b.lanewise(XOR, d.selectFrom(lowAc)).lanewise(XOR, dHighAc.selectFrom(highAc));
            a.intoMemorySegment(m, at + i, ORDER);
            b.intoMemorySegment(m, bAt + i, ORDER);
            c.intoMemorySegment(m, cAt + i, ORDER);
            d.intoMemorySegment(m, dAt + i, ORDER);
        }
    }

    /** Two inverse layers, added to the strips from {@code onto} on; the others stay. */
    static void inverse4Onto(MemorySegment m, long at, long distance, long onto, int length, int t) {
        MemorySegment tables = ProductTables.TABLES;
        long tableAb = 2L * t * TABLE_BYTES;
        ByteVector lowAb = fromMemorySegment(SPECIES, tables, tableAb, ORDER);
        ByteVector highAb = fromMemorySegment(SPECIES, tables, tableAb + BYTES, ORDER);
        long tableCd = (2L * t + 2) * TABLE_BYTES;
        ByteVector lowCd = fromMemorySegment(SPECIES, tables, tableCd, ORDER);
        ByteVector highCd = fromMemorySegment(SPECIES, tables, tableCd + BYTES, ORDER);
        long tableAc = t * TABLE_BYTES;
        ByteVector lowAc = fromMemorySegment(SPECIES, tables, tableAc, ORDER);
        ByteVector highAc = fromMemorySegment(SPECIES, tables, tableAc + BYTES, ORDER);
        long bAt = at + distance;
        long cAt = at + 2 * distance;
        long dAt = at + 3 * distance;
        long bOnto = onto + distance;
        long cOnto = onto + 2 * distance;
        long dOnto = onto + 3 * distance;
        for (int i = 0; i < length; i += BYTES) {
            ByteVector a = fromMemorySegment(SPECIES, m, at + i, ORDER);
            ByteVector b = fromMemorySegment(SPECIES, m, bAt + i, ORDER);
            ByteVector c = fromMemorySegment(SPECIES, m, cAt + i, ORDER);
            ByteVector d = fromMemorySegment(SPECIES, m, dAt + i, ORDER);
            b = b.lanewise(XOR, a);
            ByteVector bHighAb = b.reinterpretAsInts().lanewise(LSHR, INDEX_BITS).reinterpretAsBytes();
            a = a.lanewise(XOR, b.selectFrom(lowAb)).lanewise(XOR, bHighAb.selectFrom(highAb));
            d = d.lanewise(XOR, c);
            ByteVector dHighCd = d.reinterpretAsInts().lanewise(LSHR, INDEX_BITS).reinterpretAsBytes();
            c = c.lanewise(XOR, d.selectFrom(lowCd)).lanewise(XOR, dHighCd.selectFrom(highCd));
            c = c.lanewise(XOR, a);
            ByteVector cHighAc = c.reinterpretAsInts().lanewise(LSHR, INDEX_BITS).reinterpretAsBytes();
            a = a.lanewise(XOR, c.selectFrom(lowAc)).lanewise(XOR, cHighAc.selectFrom(highAc));
            d = d.lanewise(XOR, b);
            ByteVector dHighAc = d.reinterpretAsInts().lanewise(LSHR, INDEX_BITS).reinterpretAsBytes();
            b = b.lanewise(XOR, d.selectFrom(lowAc)).lanewise(XOR, dHighAc.selectFrom(highAc));
            a.lanewise(XOR, fromMemorySegment(SPECIES, m, onto + i, ORDER)).intoMemorySegment(m, onto + i, ORDER);
            b.lanewise(XOR, fromMemorySegment(SPECIES, m, bOnto + i, ORDER)).intoMemorySegment(m, bOnto + i, ORDER);
            c.lanewise(XOR, fromMemorySegment(SPECIES, m, cOnto + i, ORDER)).intoMemorySegment(m, cOnto + i, ORDER);
            d.lanewise(XOR, fromMemorySegment(SPECIES, m, dOnto + i, ORDER)).intoMemorySegment(m, dOnto + i, ORDER);
        }
    }

    /** Two inverse layers, t = 0. */
    static void inverse4AtZero(MemorySegment m, long at, long distance, int length) {
        MemorySegment tables = ProductTables.TABLES;
        long tableCd = 2 * TABLE_BYTES;
        ByteVector lowCd = fromMemorySegment(SPECIES, tables, tableCd, ORDER);
        ByteVector highCd = fromMemorySegment(SPECIES, tables, tableCd + BYTES, ORDER);
        long bAt = at + distance;
        long cAt = at + 2 * distance;
        long dAt = at + 3 * distance;
        for (int i = 0; i < length; i += BYTES) {
            ByteVector a = fromMemorySegment(SPECIES, m, at + i, ORDER);
            ByteVector b = fromMemorySegment(SPECIES, m, bAt + i, ORDER);
            ByteVector c = fromMemorySegment(SPECIES, m, cAt + i, ORDER);
            ByteVector d = fromMemorySegment(SPECIES, m, dAt + i, ORDER);
            b = b.lanewise(XOR, a);
            d = d.lanewise(XOR, c);
            ByteVector dHighCd = d.reinterpretAsInts().lanewise(LSHR, INDEX_BITS).reinterpretAsBytes();
            c = c.lanewise(XOR, d.selectFrom(lowCd)).lanewise(XOR, dHighCd.selectFrom(highCd));
            c = c.lanewise(XOR, a);
            d = d.lanewise(XOR, b);
            a.intoMemorySegment(m, at + i, ORDER);
            b.intoMemorySegment(m, bAt + i, ORDER);
            c.intoMemorySegment(m, cAt + i, ORDER);
            d.intoMemorySegment(m, dAt + i, ORDER);
        }
    }

    /** One inverse layer. */
    static void inverse2(MemorySegment m, long at, long distance, int length, int t) {
        MemorySegment tables = ProductTables.TABLES;
        long tableAb = t * TABLE_BYTES;
        ByteVector lowAb = fromMemorySegment(SPECIES, tables, tableAb, ORDER);
        ByteVector highAb = fromMemorySegment(SPECIES, tables, tableAb + BYTES, ORDER);
        long bAt = at + distance;
        for (int i = 0; i < length; i += BYTES) {
            ByteVector a = fromMemorySegment(SPECIES, m, at + i, ORDER);
            ByteVector b = fromMemorySegment(SPECIES, m, bAt + i, ORDER);
            b = b.lanewise(XOR, a);
            ByteVector bHighAb = b.reinterpretAsInts().lanewise(LSHR, INDEX_BITS).reinterpretAsBytes();
            a = a.lanewise(XOR, b.selectFrom(lowAb)).lanewise(XOR, bHighAb.selectFrom(highAb));
            a.intoMemorySegment(m, at + i, ORDER);
            b.intoMemorySegment(m, bAt + i, ORDER);
        }
    }

    /** One inverse layer, added to the strips from {@code onto} on; the others stay. */
    static void inverse2Onto(MemorySegment m, long at, long distance, long onto, int length, int t) {
        MemorySegment tables = ProductTables.TABLES;
        long tableAb = t * TABLE_BYTES;
        ByteVector lowAb = fromMemorySegment(SPECIES, tables, tableAb, ORDER);
        ByteVector highAb = fromMemorySegment(SPECIES, tables, tableAb + BYTES, ORDER);
        long bAt = at + distance;
        long bOnto = onto + distance;
        for (int i = 0; i < length; i += BYTES) {
            ByteVector a = fromMemorySegment(SPECIES, m, at + i, ORDER);
            ByteVector b = fromMemorySegment(SPECIES, m, bAt + i, ORDER);
            b = b.lanewise(XOR, a);
            ByteVector bHighAb = b.reinterpretAsInts().lanewise(LSHR, INDEX_BITS).reinterpretAsBytes();
            a = a.lanewise(XOR, b.selectFrom(lowAb)).lanewise(XOR, bHighAb.selectFrom(highAb));
            a.lanewise(XOR, fromMemorySegment(SPECIES, m, onto + i, ORDER)).intoMemorySegment(m, onto + i, ORDER);
            b.lanewise(XOR, fromMemorySegment(SPECIES, m, bOnto + i, ORDER)).intoMemorySegment(m, bOnto + i, ORDER);
        }
    }

    /** Two forward layers. */
    static void forward4(MemorySegment m, long at, long distance, int length, int t) {
        MemorySegment tables = ProductTables.TABLES;
        long tableAb = 2L * t * TABLE_BYTES;
        ByteVector lowAb = fromMemorySegment(SPECIES, tables, tableAb, ORDER);
        ByteVector highAb = fromMemorySegment(SPECIES, tables, tableAb + BYTES, ORDER);
        long tableCd = (2L * t + 2) * TABLE_BYTES;
        ByteVector lowCd = fromMemorySegment(SPECIES, tables, tableCd, ORDER);
        ByteVector highCd = fromMemorySegment(SPECIES, tables, tableCd + BYTES, ORDER);
        long tableAc = t * TABLE_BYTES;
        ByteVector lowAc = fromMemorySegment(SPECIES, tables, tableAc, ORDER);
        ByteVector highAc = fromMemorySegment(SPECIES, tables, tableAc + BYTES, ORDER);
        long bAt = at + distance;
        long cAt = at + 2 * distance;
        long dAt = at + 3 * distance;
        for (int i = 0; i < length; i += BYTES) {
            ByteVector a = fromMemorySegment(SPECIES, m, at + i, ORDER);
            ByteVector b = fromMemorySegment(SPECIES, m, bAt + i, ORDER);
            ByteVector c = fromMemorySegment(SPECIES, m, cAt + i, ORDER);
            ByteVector d = fromMemorySegment(SPECIES, m, dAt + i, ORDER);
            ByteVector cHighAc = c.reinterpretAsInts().lanewise(LSHR, INDEX_BITS).reinterpretAsBytes();
            a = a.lanewise(XOR, c.selectFrom(lowAc)).lanewise(XOR, cHighAc.selectFrom(highAc));
            ByteVector dHighAc = d.reinterpretAsInts().lanewise(LSHR, INDEX_BITS).reinterpretAsBytes();
            b = b.lanewise(XOR, d.selectFrom(lowAc)).lanewise(XOR, dHighAc.selectFrom(highAc));
            c = c.lanewise(XOR, a);
            d = d.lanewise(XOR, b);
            ByteVector bHighAb = b.reinterpretAsInts().lanewise(LSHR, INDEX_BITS).reinterpretAsBytes();
            a = a.lanewise(XOR, b.selectFrom(lowAb)).lanewise(XOR, bHighAb.selectFrom(highAb));
            ByteVector dHighCd = d.reinterpretAsInts().lanewise(LSHR, INDEX_BITS).reinterpretAsBytes();
            c = c.lanewise(XOR, d.selectFrom(lowCd)).lanewise(XOR, dHighCd.selectFrom(highCd));
            b = b.lanewise(XOR, a);
            d = d.lanewise(XOR, c);
            a.intoMemorySegment(m, at + i, ORDER);
            b.intoMemorySegment(m, bAt + i, ORDER);
            c.intoMemorySegment(m, cAt + i, ORDER);
            d.intoMemorySegment(m, dAt + i, ORDER);
        }
    }

    /** Two forward layers, t = 0. */
    static void forward4AtZero(MemorySegment m, long at, long distance, int length) {
        MemorySegment tables = ProductTables.TABLES;
        long tableCd = 2 * TABLE_BYTES;
        ByteVector lowCd = fromMemorySegment(SPECIES, tables, tableCd, ORDER);
        ByteVector highCd = fromMemorySegment(SPECIES, tables, tableCd + BYTES, ORDER);
        long bAt = at + distance;
        long cAt = at + 2 * distance;
        long dAt = at + 3 * distance;
        for (int i = 0; i < length; i += BYTES) {
            ByteVector a = fromMemorySegment(SPECIES, m, at + i, ORDER);
            ByteVector b = fromMemorySegment(SPECIES, m, bAt + i, ORDER);
            ByteVector c = fromMemorySegment(SPECIES, m, cAt + i, ORDER);
            ByteVector d = fromMemorySegment(SPECIES, m, dAt + i, ORDER);
            c = c.lanewise(XOR, a);
            d = d.lanewise(XOR, b);
            ByteVector dHighCd = d.reinterpretAsInts().lanewise(LSHR, INDEX_BITS).reinterpretAsBytes();
            c = c.lanewise(XOR, d.selectFrom(lowCd)).lanewise(XOR, dHighCd.selectFrom(highCd));
            b = b.lanewise(XOR, a);
            d = d.lanewise(XOR, c);
            a.intoMemorySegment(m, at + i, ORDER);
            b.intoMemorySegment(m, bAt + i, ORDER);
            c.intoMemorySegment(m, cAt + i, ORDER);
            d.intoMemorySegment(m, dAt + i, ORDER);
        }
    }

    /** One forward layer. */
    static void forward2(MemorySegment m, long at, long distance, int length, int t) {
        MemorySegment tables = ProductTables.TABLES;
        long tableAb = t * TABLE_BYTES;
        ByteVector lowAb = fromMemorySegment(SPECIES, tables, tableAb, ORDER);
        ByteVector highAb = fromMemorySegment(SPECIES, tables, tableAb + BYTES, ORDER);
        long bAt = at + distance;
        for (int i = 0; i < length; i += BYTES) {
            ByteVector a = fromMemorySegment(SPECIES, m, at + i, ORDER);
            ByteVector b = fromMemorySegment(SPECIES, m, bAt + i, ORDER);
            ByteVector bHighAb = b.reinterpretAsInts().lanewise(LSHR, INDEX_BITS).reinterpretAsBytes();
            a = a.lanewise(XOR, b.selectFrom(lowAb)).lanewise(XOR, bHighAb.selectFrom(highAb));
            b = b.lanewise(XOR, a);
            a.intoMemorySegment(m, at + i, ORDER);
            b.intoMemorySegment(m, bAt + i, ORDER);
        }
    }

    /** Adds the bytes from {@code from} on to those from {@code to} on: also a layer with t = 0, either way. */
    static void add(MemorySegment m, long from, long to, int length) {
        for (int i = 0; i < length; i += BYTES) {
            fromMemorySegment(SPECIES, m, to + i, ORDER)
                    .lanewise(XOR, fromMemorySegment(SPECIES, m, from + i, ORDER))
                    .intoMemorySegment(m, to + i, ORDER);
        }
    }

    /** Fills the bytes from {@code at} on with zeros. */
    static void clear(MemorySegment m, long at, int length) {
        ByteVector zero = ByteVector.zero(SPECIES);
        for (int i = 0; i < length; i += BYTES) {
            zero.intoMemorySegment(m, at + i, ORDER);
        }
    }

    /** Multiplies the bytes from {@code at} on by a constant. */
    static void scale(MemorySegment m, long at, int length, int constant) {
        MemorySegment tables = ProductTables.TABLES;
        ByteVector low = fromMemorySegment(SPECIES, tables, constant * TABLE_BYTES, ORDER);
        ByteVector high = fromMemorySegment(SPECIES, tables, constant * TABLE_BYTES + BYTES, ORDER);
        for (int i = 0; i < length; i += BYTES) {
            ByteVector x = fromMemorySegment(SPECIES, m, at + i, ORDER);
            ByteVector xHigh = x.reinterpretAsInts().lanewise(LSHR, INDEX_BITS).reinterpretAsBytes();
            x.selectFrom(low).lanewise(XOR, xHigh.selectFrom(high)).intoMemorySegment(m, at + i, ORDER);
        }
    }
}
