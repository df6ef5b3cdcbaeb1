package dev.moraine.proofs.hash;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * A SHA-256 digest as a value: 32 bytes, held as four big-endian words.
 *
 * <p>Immutable and thread-safe; digests order as their bytes do, unsigned.
 *
 * @param w0 bytes 0 to 7
 * @param w1 bytes 8 to 15
 * @param w2 bytes 16 to 23
 * @param w3 bytes 24 to 31
 */
public record Digest(long w0, long w1, long w2, long w3) implements Comparable<Digest> {
    /** Length of a digest in bytes. */
    public static final int BYTES = 32;

    /** Length of the text form in hexadecimal digits. */
    public static final int HEX_DIGITS = 2 * BYTES;

    private static final VarHandle WORD_OF_ARRAY =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong WORD_OF_SEGMENT =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /**
     * Reads a digest that fills an array.
     *
     * @param bytes exactly 32 bytes
     * @return the digest
     * @throws IllegalArgumentException if the array has another length
     */
    public static Digest of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a digest has " + BYTES + " bytes, not " + bytes.length);
        }
        return of(bytes, 0);
    }

    /**
     * Reads 32 bytes of an array.
     *
     * @param bytes the array
     * @param offset where the digest starts
     * @return the digest
     * @throws IndexOutOfBoundsException if the array ends before the digest does
     */
    public static Digest of(byte[] bytes, int offset) {
        return new Digest(
                (long) WORD_OF_ARRAY.get(bytes, offset),
                (long) WORD_OF_ARRAY.get(bytes, offset + 8),
                (long) WORD_OF_ARRAY.get(bytes, offset + 16),
                (long) WORD_OF_ARRAY.get(bytes, offset + 24));
    }

    /**
     * Reads 32 bytes of a segment.
     *
     * @param segment the segment
     * @param offset where the digest starts
     * @return the digest
     * @throws IndexOutOfBoundsException if the segment ends before the digest does
     */
    public static Digest of(MemorySegment segment, long offset) {
        return new Digest(
                segment.get(WORD_OF_SEGMENT, offset),
                segment.get(WORD_OF_SEGMENT, offset + 8),
                segment.get(WORD_OF_SEGMENT, offset + 16),
                segment.get(WORD_OF_SEGMENT, offset + 24));
    }

    /**
     * Reads the text form, the inverse of {@link #toString()}.
     *
     * @param text 64 lower-case hexadecimal digits
     * @return the digest
     * @throws IllegalArgumentException if the text is anything else
     */
    public static Digest parse(String text) {
        if (text.length() != HEX_DIGITS) {
            throw new IllegalArgumentException(
                    "a digest is written as " + HEX_DIGITS + " hexadecimal digits, not as " + text.length());
        }
        for (int i = 0; i < HEX_DIGITS; i++) {
            char digit = text.charAt(i);
            if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
                throw new IllegalArgumentException(
                        "a digest is written in the digits 0-9 and a-f, but has another character at position " + i);
            }
        }
        return of(HexFormat.of().parseHex(text), 0);
    }

    /**
     * The digest as bytes.
     *
     * @return a new array of 32 bytes
     */
    public byte[] toBytes() {
        byte[] bytes = new byte[BYTES];
        copyTo(bytes, 0);
        return bytes;
    }

    /**
     * Writes the digest into an array.
     *
     * @param bytes the array
     * @param offset where the 32 bytes go
     * @throws IndexOutOfBoundsException if they do not fit
     */
    public void copyTo(byte[] bytes, int offset) {
        WORD_OF_ARRAY.set(bytes, offset + 24, w3);
        WORD_OF_ARRAY.set(bytes, offset + 16, w2);
        WORD_OF_ARRAY.set(bytes, offset + 8, w1);
        WORD_OF_ARRAY.set(bytes, offset, w0);
    }

    /**
     * Writes the digest into a segment.
     *
     * @param segment the segment
     * @param offset where the 32 bytes go
     * @throws IndexOutOfBoundsException if they do not fit
     */
    public void copyTo(MemorySegment segment, long offset) {
        segment.set(WORD_OF_SEGMENT, offset + 24, w3);
        segment.set(WORD_OF_SEGMENT, offset + 16, w2);
        segment.set(WORD_OF_SEGMENT, offset + 8, w1);
        segment.set(WORD_OF_SEGMENT, offset, w0);
    }

    @Override
    public int compareTo(Digest other) {
        int order = Long.compareUnsigned(w0, other.w0);
        if (order == 0) {
            order = Long.compareUnsigned(w1, other.w1);
        }
        if (order == 0) {
            order = Long.compareUnsigned(w2, other.w2);
        }
        return order == 0 ? Long.compareUnsigned(w3, other.w3) : order;
    }

    /** The text form: 64 lower-case hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(toBytes());
    }
}
