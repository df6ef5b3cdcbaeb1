package dev.moraine.storage.segment;

/**
 * Layout of a record. Little endian; a record begins and ends at multiples of {@value #ALIGNMENT_BYTES} in its file.
 *
 * <pre>
 *      0                   8                   16                  24                  32
 *      ┌───────────────────┬───────────────────┬───────────────────┬───────────────────┐
 *      │ segment nonce     │ segment id        │ record offset     │ record length     │
 *   32 ├───────────────────┼─────────┬─────────┼───────────────────┴───────────────────┤
 *      │ forced mark       │ type    │ pair    │ blob id, 32 bytes                     │
 *      │                   │ u32     │ index   │                                       │
 *   64 ├───────────────────┴─────────┴─────────┼───────────────────┬─────────┬─────────┤
 *      │ …blob id                              │ expiry epoch      │ lead    │ list    │
 *      │                                       │                   │ bytes   │ bytes   │
 *   96 ├───────────────────┬───────────────────┼───────────────────┼─────────┼─────────┤
 *      │ primary bytes     │ secondary bytes   │ previous offset   │ record  │ header  │
 *      │                   │                   │                   │ CRC-32C │ CRC-32C │
 *  128 ├───────────────────┴───────────────────┴───────────────────┴─────────┴─────────┤
 *      │ lead ‖ list, then zeros to a multiple of 64                                   │
 *      ├───────────────────────────────────────────────────────────────────────────────┤
 *      │ primary ‖ secondary, then zeros to a multiple of 128                          │
 *      └───────────────────────────────────────────────────────────────────────────────┘
 *
 *                pair index  blob id  expiry  lead          list                        primary  secondary
 *   PAIR         yes         yes                            trees of row and column     sliver   sliver
 *   PRIMARY      yes         yes                            tree of the row             sliver
 *   SECONDARY    yes         yes                            tree of the column                   sliver
 *   METADATA                 yes              metadata      tree of the blob
 *   RETENTION                yes      yes
 *   CERTIFICATE                       number  certificate   bundle entries of 80 bytes
 *   MARK
 *   FILLER                                                                              zeros
 * </pre>
 *
 * The number of a certificate, which counts the certificates in the order in which they were kept, is where other
 * records have the expiry epoch. Fields that a type does not use are zero. A tree is all levels of a Merkle tree over n leaves, the leaves first, the
 * root last, 32 bytes a node, so that a path is copied and never computed.
 *
 * <p>The record CRC covers the 120 bytes before it and everything behind the header, so also the record's own place:
 * segment nonce, segment id and offset. A record that the disk shows at another place, or from an earlier life of the
 * file, fails. The header CRC covers the 124 bytes before it: a header can be trusted, and stepped over, without
 * reading what follows.
 *
 * <p>The forced mark is a position in the same file: when the record was written, everything before that position was
 * known to have survived. What is damaged before the highest mark of a file was therefore whole once, and what is
 * damaged behind it may have been torn by a crash. The previous offset is where the record before this one begins (0:
 * none): a gap in that chain is a record that is missing.
 */
public final class RecordDescriptor {
    /** Where records begin and end: multiples of this. Equal to the header, so that a header fits every hole. */
    public static final int ALIGNMENT_BYTES = 128;

    /** Length of a record header in bytes. */
    public static final int HEADER_BYTES = 128;

    /** Slivers begin at multiples of this, as a vector register wants. */
    public static final int SLIVER_ALIGNMENT_BYTES = 64;

    static final int NONCE_OFFSET = 0;
    static final int SEGMENT_ID_OFFSET = 8;
    static final int RECORD_OFFSET_OFFSET = 16;
    static final int LENGTH_OFFSET = 24;
    static final int FORCED_MARK_OFFSET = 32;
    static final int TYPE_OFFSET = 40;
    static final int PAIR_INDEX_OFFSET = 44;
    static final int BLOB_ID_OFFSET = 48;
    static final int EXPIRY_OFFSET = 80;
    static final int LEAD_BYTES_OFFSET = 88;
    static final int LIST_BYTES_OFFSET = 92;
    static final int PRIMARY_BYTES_OFFSET = 96;
    static final int SECONDARY_BYTES_OFFSET = 104;
    static final int PREVIOUS_OFFSET_OFFSET = 112;
    static final int RECORD_CRC_OFFSET = 120;
    static final int HEADER_CRC_OFFSET = 124;

    private RecordDescriptor() {}

    /**
     * Rounds up.
     *
     * @param value at least 0, far below 2⁶³
     * @param alignmentBytes a power of two
     * @return the next multiple at or above the value
     */
    static long aligned(long value, int alignmentBytes) {
        return (value + alignmentBytes - 1) & -alignmentBytes;
    }
}
