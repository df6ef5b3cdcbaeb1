package dev.moraine.node.demo;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * Writes RLP, Ethereum's serialisation (yellow paper, appendix B): items are appended, and {@link #asList()} wraps
 * everything written so far.
 *
 * <p>Not thread-safe.
 */
final class RlpWriter {
    private static final int SHORT_PAYLOAD_LIMIT = 55;
    private static final int STRING_OFFSET = 0x80;
    private static final int LIST_OFFSET = 0xc0;

    private final ByteArrayOutputStream items = new ByteArrayOutputStream();

    /**
     * Appends a string of bytes.
     *
     * @param bytes the string
     * @return this
     */
    RlpWriter bytes(byte[] bytes) {
        if (bytes.length == 1 && (bytes[0] & 0xff) < STRING_OFFSET) {
            items.write(bytes[0]);
        } else {
            header(items, STRING_OFFSET, bytes.length);
            items.writeBytes(bytes);
        }
        return this;
    }

    /**
     * Appends a non-negative integer, big-endian without leading zeros; zero is the empty string.
     *
     * @param value at least zero
     * @return this
     */
    RlpWriter integer(BigInteger value) {
        byte[] magnitude = value.toByteArray();
        int leadingZeros = magnitude[0] == 0 ? 1 : 0;
        return bytes(Arrays.copyOfRange(magnitude, leadingZeros, magnitude.length));
    }

    /**
     * Appends a non-negative integer.
     *
     * @param value at least zero
     * @return this
     */
    RlpWriter integer(long value) {
        return integer(BigInteger.valueOf(value));
    }

    /**
     * Appends an item that is encoded already, such as a list.
     *
     * @param encoded one whole RLP item
     * @return this
     */
    RlpWriter item(byte[] encoded) {
        items.writeBytes(encoded);
        return this;
    }

    /**
     * Wraps the items into a list.
     *
     * @return the encoded list
     */
    byte[] asList() {
        ByteArrayOutputStream list = new ByteArrayOutputStream(items.size() + 5);
        header(list, LIST_OFFSET, items.size());
        list.writeBytes(items.toByteArray());
        return list.toByteArray();
    }

    /**
     * The items as they stand, without a list around them.
     *
     * @return the encoded items
     */
    byte[] asItems() {
        return items.toByteArray();
    }

    private static void header(ByteArrayOutputStream out, int offset, int length) {
        if (length <= SHORT_PAYLOAD_LIMIT) {
            out.write(offset + length);
            return;
        }
        int lengthBytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
        out.write(offset + SHORT_PAYLOAD_LIMIT + lengthBytes);
        for (int shift = 8 * (lengthBytes - 1); shift >= 0; shift -= 8) {
            out.write(length >>> shift);
        }
    }
}
