package dev.moraine.storage.segment;

import org.jspecify.annotations.Nullable;

/** The kinds of record. Codes are part of the format. */
public enum RecordType {
    /** Both slivers of a pair, each with the hash tree of its line. */
    PAIR(1),
    /** The latest expiry that was signed for a blob; all of it is in the header. */
    RETENTION(2),
    /** A certificate and the entries of its bundle. */
    CERTIFICATE(3),
    /** No content: carries the forced mark over a clean shutdown. */
    MARK(4),
    /** No content: covers what a crash left torn between two whole records. */
    FILLER(5),
    /** The metadata of a blob and its hash tree: once for all pairs of the blob. */
    METADATA(6),
    /** A primary sliver alone, with the hash tree of its row. */
    PRIMARY(7),
    /** A secondary sliver alone, with the hash tree of its column. */
    SECONDARY(8);

    private static final RecordType[] ALL = values();

    private final int code;

    RecordType(int code) {
        this.code = code;
    }

    /**
     * The number that stands for the type in a record.
     *
     * @return the code
     */
    int code() {
        return code;
    }

    /**
     * The type of a code.
     *
     * @param code the number in a record
     * @return the type, or null for a number that stands for none
     */
    static @Nullable RecordType of(int code) {
        for (RecordType type : ALL) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }

    /**
     * Whether the record serves the segment itself and tells nothing about blobs.
     *
     * @return whether it is a mark or a filler
     */
    public boolean isBookkeeping() {
        return this == MARK || this == FILLER;
    }
}
