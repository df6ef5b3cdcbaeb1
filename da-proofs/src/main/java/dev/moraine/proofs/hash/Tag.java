package dev.moraine.proofs.hash;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The prefix that says what a hashed or signed object is, so that no object of one kind passes for one of another.
 */
public final class Tag {
    /** Length of every tag in bytes. */
    public static final int BYTES = 16;

    private Tag() {}

    /**
     * Makes a tag: the text in ASCII, zero-padded on the right.
     *
     * @param ascii 1 to 16 printable ASCII characters
     * @return a new array of 16 bytes
     * @throws IllegalArgumentException if the text is empty, longer, or not printable ASCII
     */
    public static byte[] of(String ascii) {
        if (ascii.isEmpty() || ascii.length() > BYTES) {
            throw new IllegalArgumentException("a tag has 1 to " + BYTES + " characters, not " + ascii.length());
        }
        if (!ascii.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new IllegalArgumentException("a tag is printable ASCII without spaces");
        }
        return Arrays.copyOf(ascii.getBytes(StandardCharsets.US_ASCII), BYTES);
    }
}
