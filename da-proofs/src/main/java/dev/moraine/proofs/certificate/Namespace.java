package dev.moraine.proofs.certificate;

import dev.moraine.proofs.hash.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The 32 bytes that tell one rollup's blobs from another's.
 *
 * <p>Immutable and thread-safe.
 *
 * @param value the bytes; any
 */
public record Namespace(Digest value) {
    /** Bytes of a namespace. */
    public static final int BYTES = Digest.BYTES;

    /**
     * Reads a namespace from its bytes.
     *
     * @param bytes exactly {@link #BYTES} bytes
     * @return the namespace
     * @throws IllegalArgumentException if they have another length
     */
    public static Namespace of(byte[] bytes) {
        return new Namespace(Digest.of(bytes));
    }

    /**
     * Reads what a person writes: 64 lower-case hex digits, or a name of 1 to {@link #BYTES} printable ASCII characters
     * without spaces, which stands for its bytes, zero-padded on the right.
     *
     * @param text either form
     * @return the namespace
     * @throws IllegalArgumentException if it is neither
     */
    public static Namespace parse(String text) {
        if (text.length() == Digest.HEX_DIGITS) {
            return new Namespace(Digest.parse(text));
        }
        boolean isName = !text.isEmpty()
                && text.length() <= BYTES
                && text.chars().allMatch(c -> c > ' ' && c <= '~');
        if (!isName) {
            throw new IllegalArgumentException("a namespace is written as " + Digest.HEX_DIGITS
                    + " lower-case hexadecimal digits, or as a name of 1 to " + BYTES
                    + " printable ASCII characters without spaces");
        }
        return of(Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), BYTES));
    }

    /** The 64 lower-case hex digits, whichever form it was read from. */
    @Override
    public String toString() {
        return value.toString();
    }
}
