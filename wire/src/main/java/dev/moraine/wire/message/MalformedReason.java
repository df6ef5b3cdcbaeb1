package dev.moraine.wire.message;

/** Why bytes are not an encoding of a message. */
public enum MalformedReason {
    /** The frame ends before what it announces. */
    TRUNCATED,
    /** The frame is longer than its message. */
    TRAILING_BYTES,
    /** The header names another schema. */
    WRONG_SCHEMA,
    /** The header names another version of the schema. */
    WRONG_VERSION,
    /** The header names a message that does not exist. */
    UNKNOWN_TEMPLATE,
    /** The fixed part of the message or of a group entry does not have the length that the schema gives it. */
    WRONG_BLOCK_LENGTH,
    /** A group has more or fewer entries than it may have. */
    WRONG_COUNT,
    /** Variable-length data is longer or shorter than it may be. */
    WRONG_LENGTH,
    /** A field has a value that it may not have. */
    OUT_OF_RANGE
}
