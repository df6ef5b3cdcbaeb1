package dev.moraine.proofs.proof;

/** What the check of a sliver pair against its blob's metadata found: the one acceptance, or the first fault. */
public enum SliverCheck {
    /** Both slivers are those of the blob, and they agree where they cross. */
    ACCEPT,
    /** The blob has no such pair. */
    OUT_OF_RANGE,
    /** A sliver has another length than the blob's slivers have. */
    WRONG_LENGTH,
    /** The primary sliver, extended, has another row root than the metadata. */
    WRONG_ROW_ROOT,
    /** The secondary sliver, extended, has another column root than the metadata. */
    WRONG_COLUMN_ROOT,
    /** Row and column have different symbol roots where they cross: the writer encoded the blob wrongly. */
    CROSSING_DIFFERS
}
