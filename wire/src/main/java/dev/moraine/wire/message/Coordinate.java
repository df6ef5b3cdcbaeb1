package dev.moraine.wire.message;

/**
 * A place in the matrix of one of the blobs of a request.
 *
 * @param blob which blob of the request, below {@link MessageLimits#MAX_BLOBS}
 * @param row below {@link MessageLimits#MAX_SHARDS}
 * @param column below {@link MessageLimits#MAX_SHARDS}
 */
public record Coordinate(int blob, int row, int column) {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public Coordinate {
        MessageLimits.range("blob", blob, 0, MessageLimits.MAX_BLOBS - 1);
        MessageLimits.range("row", row, 0, MessageLimits.MAX_SHARDS - 1);
        MessageLimits.range("column", column, 0, MessageLimits.MAX_SHARDS - 1);
    }

    /**
     * A place in the matrix of the only blob, or the first one.
     *
     * @param row below {@link MessageLimits#MAX_SHARDS}
     * @param column below {@link MessageLimits#MAX_SHARDS}
     * @throws IllegalArgumentException if a value is out of its range
     */
    public Coordinate(int row, int column) {
        this(0, row, column);
    }
}
