package dev.moraine.proofs.proof;

/** Which line of the matrix a symbol is proved by. */
public enum Axis {
    /** By the root of its row, from the holder of that row's primary sliver. */
    ROW,
    /** By the root of its column, from the holder of that column's secondary sliver. */
    COLUMN
}
