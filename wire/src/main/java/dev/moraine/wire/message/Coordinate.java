package dev.moraine.wire.message;

/**
 * A place in the blob matrix.
 *
 * @param row below {@link MessageLimits#MAX_SHARDS}
 * @param column below {@link MessageLimits#MAX_SHARDS}
 */
public record Coordinate(int row, int column) {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public Coordinate {
        MessageLimits.range("row", row, 0, MessageLimits.MAX_SHARDS - 1);
        MessageLimits.range("column", column, 0, MessageLimits.MAX_SHARDS - 1);
    }
}
