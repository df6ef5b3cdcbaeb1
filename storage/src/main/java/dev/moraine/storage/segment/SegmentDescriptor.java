package dev.moraine.storage.segment;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * Layout of a segment file, format version {@value #FORMAT_VERSION}. Little endian.
 *
 * <pre>
 *   file      0 ┌───────────────────────────────────────────────┐
 *               │ segment header, then zeros to the end of page │
 *          4096 ├───────────────────────────────────────────────┤
 *               │ the same header again, then zeros             │
 *          8192 ├───────────────────────────────────────────────┤
 *               │ records, each at a multiple of 128            │
 *               │ (see {@link RecordDescriptor});               │
 *               │ after every force: zeros to the end of page   │
 *               ├───────────────────────────────────────────────┤
 *               │ zeros that are not written yet                │
 *      capacity └───────────────────────────────────────────────┘
 *
 *   header
 *      0                   8         12        16                  24                  32
 *      ┌───────────────────┬─────────┬─────────┬───────────────────┬───────────────────┐
 *      │ magic "MORAINES"  │ version │ header  │ segment id        │ capacity          │
 *      │                   │ u32     │ bytes   │ u64               │ u64               │
 *   32 ├───────────────────┼─────────┴─────────┴───────────────────┴───────────────────┤
 *      │ nonce, never 0    │ deployment id, 32 bytes                                    │
 *      ├───────────────────┼────────────────────────────────────────────────┬─────────┤
 *   72 │ …deployment id    │ zeros, 44 bytes                                │ CRC-32C │
 *      └───────────────────┴────────────────────────────────────────────────┴─────────┘
 *                          80                                               124       128
 * </pre>
 *
 * The CRC covers the 124 bytes before it. The header stands twice so that one bad page does not cost a segment. The
 * nonce is random and stands at the start of every record, so nobody who does not read the disk can shape a blob
 * whose bytes would pass for a record, and a record of an older file with the same id does not pass either.
 */
public final class SegmentDescriptor {
    /** First eight bytes of every segment file, as a little-endian integer. */
    public static final long MAGIC = magic("MORAINES");

    /** The only version of the format there is. */
    public static final int FORMAT_VERSION = 2;

    /** Length of the segment header in bytes. */
    public static final int HEADER_BYTES = 128;

    /**
     * A disk may lose or spoil a page as a whole, so what was forced never shares a page with what is written later.
     */
    public static final int PAGE_BYTES = 4096;

    /** Where the second copy of the header is. */
    public static final long SECOND_HEADER_OFFSET = PAGE_BYTES;

    /** Where the first record is. */
    public static final long DATA_OFFSET = 2L * PAGE_BYTES;

    /** Smallest segment: the headers and two pages of records. */
    public static final long MIN_CAPACITY_BYTES = 16L << 10;

    /** Largest segment: more than the largest sliver pair of the largest blob takes. */
    public static final long MAX_CAPACITY_BYTES = 64L << 30;

    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = 8;
    static final int HEADER_BYTES_OFFSET = 12;
    static final int SEGMENT_ID_OFFSET = 16;
    static final int CAPACITY_OFFSET = 24;
    static final int NONCE_OFFSET = 32;
    static final int DEPLOYMENT_OFFSET = 40;
    static final int RESERVED_OFFSET = 72;
    static final int CRC_OFFSET = 124;

    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final String SUFFIX = ".segment";
    private static final String UNFINISHED_SUFFIX = ".segment.new";
    private static final int ID_DIGITS = 16;

    private SegmentDescriptor() {}

    /**
     * The file of a segment.
     *
     * @param segmentId the id
     * @return the id in 16 hexadecimal digits, and {@code .segment}
     */
    public static String fileName(long segmentId) {
        return String.format("%016x%s", segmentId, SUFFIX);
    }

    /**
     * The file of a segment that is being preallocated, and that nothing relies on yet.
     *
     * @param segmentId the id
     * @return the id in 16 hexadecimal digits, and {@code .segment.new}
     */
    public static String unfinishedFileName(long segmentId) {
        return String.format("%016x%s", segmentId, UNFINISHED_SUFFIX);
    }

    /**
     * Whether a file was left behind by a preallocation that did not finish.
     *
     * @param fileName a file name
     * @return whether it is one of {@link #unfinishedFileName}
     */
    public static boolean isUnfinished(String fileName) {
        return idOf(fileName, UNFINISHED_SUFFIX).isPresent();
    }

    /**
     * The segment id that a file name says.
     *
     * @param fileName a file name
     * @return the id, or nothing when the file is no segment
     */
    public static OptionalLong segmentIdOf(String fileName) {
        return idOf(fileName, SUFFIX);
    }

    private static OptionalLong idOf(String fileName, String suffix) {
        if (fileName.length() != ID_DIGITS + suffix.length() || !fileName.endsWith(suffix)) {
            return OptionalLong.empty();
        }
        long id = 0;
        for (int i = 0; i < ID_DIGITS; i++) {
            char digit = fileName.charAt(i);
            boolean decimal = digit >= '0' && digit <= '9';
            if (!decimal && (digit < 'a' || digit > 'f')) {
                return OptionalLong.empty();
            }
            id = id << 4 | (decimal ? digit - '0' : digit - 'a' + 10);
        }
        return id > 0 ? OptionalLong.of(id) : OptionalLong.empty();
    }

    /**
     * Rounds up to a whole page.
     *
     * @param position a position or length in bytes, at most {@link #MAX_CAPACITY_BYTES}
     * @return the next multiple of the page size at or above it
     */
    static long pageAligned(long position) {
        return (position + PAGE_BYTES - 1) & -PAGE_BYTES;
    }

    private static long magic(String ascii) {
        byte[] bytes = ascii.getBytes(StandardCharsets.US_ASCII);
        long value = 0;
        for (int i = bytes.length - 1; i >= 0; i--) {
            value = value << 8 | bytes[i];
        }
        return value;
    }
}
