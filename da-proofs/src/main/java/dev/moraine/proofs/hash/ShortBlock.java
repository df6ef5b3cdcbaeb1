package dev.moraine.proofs.hash;

import static dev.moraine.proofs.hash.LaneWidth.LANES;

import java.util.Arrays;

/**
 * The message schedule of a last block that holds one byte of each message: the second of a tree node, the seventeenth of
 * a whole chunk. Its words 1 to 14 are zero and word 15 is the length, so that more words of the schedule depend on the
 * length alone; they are kept from call to call.
 *
 * <p>Confined to a thread.
 */
final class ShortBlock {
    /** Bytes without tag of the longest message whose length in bits fits the last word of a block. */
    static final int MAX_LENGTH_BYTES = (1 << 28) - 1;

    private final int[] schedule = new int[LaneWidth.SCHEDULE_WORDS * LANES];
    private int lengthBytes = -1;

    /**
     * The schedule with the words that are equal in all lanes, as {@link Sha256Lanes#extendShort} wants it.
     *
     * @param messageLengthBytes bytes of a message without its tag, at most {@link #MAX_LENGTH_BYTES}
     * @return one vector a word; the first is the caller's to fill
     */
    int[] schedule(int messageLengthBytes) {
        if (messageLengthBytes != lengthBytes) {
            int word15 = (messageLengthBytes + 1) * Byte.SIZE;
            int word17 = sigma(word15);
            int word19 = sigma(word17);
            set(15, word15);
            set(17, word17);
            set(19, word19);
            set(21, sigma(word19));
            lengthBytes = messageLengthBytes;
        }
        return schedule;
    }

    private void set(int word, int value) {
        Arrays.fill(schedule, word * LANES, (word + 1) * LANES, value);
    }

    /** The function σ₁ of FIPS 180-4. */
    private static int sigma(int word) {
        return Integer.rotateRight(word, 17) ^ Integer.rotateRight(word, 19) ^ word >>> 10;
    }
}
