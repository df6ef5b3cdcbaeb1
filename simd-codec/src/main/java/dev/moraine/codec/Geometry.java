package dev.moraine.codec;

/**
 * The numbers that follow from the shard count of a committee (protocol, sections 1 and 3).
 *
 * <p>Immutable and thread-safe.
 *
 * @param shards the shard count n, from {@link #MIN_SHARDS} to {@link #MAX_SHARDS}
 */
public record Geometry(int shards) {
    /** Smallest committee: one faulty shard out of four. */
    public static final int MIN_SHARDS = 4;

    /** Largest committee: above it {@code k + m} of some code of the matrix would pass 256, the size of the field. */
    public static final int MAX_SHARDS = 192;

    /** Symbol sizes are multiples of this, so that every kernel width divides them. */
    public static final int SYMBOL_ALIGNMENT_BYTES = 64;

    /** Longest blob that the protocol knows. */
    public static final long MAX_BLOB_BYTES = 1L << 32;

    /**
     * Checks the shard count.
     *
     * @throws IllegalArgumentException if the shard count is out of range
     */
    public Geometry {
        if (shards < MIN_SHARDS || shards > MAX_SHARDS) {
            throw new IllegalArgumentException(
                    "shards must be from " + MIN_SHARDS + " to " + MAX_SHARDS + ", but is " + shards);
        }
    }

    /**
     * Shards that may be lost or lie: {@code f = ⌊(n−1)/3⌋}.
     *
     * @return f
     */
    public int faultTolerance() {
        return (shards - 1) / 3;
    }

    /**
     * Rows that hold the blob, {@code k₁ = n − 2f}: any so many primary slivers rebuild it.
     *
     * @return k₁
     */
    public int sourceRows() {
        return shards - 2 * faultTolerance();
    }

    /**
     * Columns that hold the blob, {@code k₂ = n − f}: any so many secondary slivers rebuild it.
     *
     * @return k₂
     */
    public int sourceColumns() {
        return shards - faultTolerance();
    }

    /**
     * Shards whose signatures make a certificate, {@code q = n − f}.
     *
     * @return q
     */
    public int quorum() {
        return shards - faultTolerance();
    }

    /**
     * The symbol size of a blob, {@code s = 64·⌈L / (64·k₁·k₂)⌉}.
     *
     * @param lengthBytes the blob's length L, from 1 to {@link #MAX_BLOB_BYTES}
     * @return the symbol size in bytes
     * @throws IllegalArgumentException if the length is out of range
     */
    public int symbolSizeBytes(long lengthBytes) {
        if (lengthBytes < 1 || lengthBytes > MAX_BLOB_BYTES) {
            throw new IllegalArgumentException(
                    "lengthBytes must be from 1 to " + MAX_BLOB_BYTES + ", but is " + lengthBytes);
        }
        long bytesPerAlignedMatrix = (long) SYMBOL_ALIGNMENT_BYTES * sourceRows() * sourceColumns();
        return (int) (SYMBOL_ALIGNMENT_BYTES * Math.ceilDiv(lengthBytes, bytesPerAlignedMatrix));
    }

    /**
     * Bytes of the zero-padded blob, {@code k₁·k₂·s}.
     *
     * @param symbolSizeBytes the symbol size s
     * @return the padded length in bytes
     */
    public long paddedBlobBytes(int symbolSizeBytes) {
        return (long) sourceRows() * sourceColumns() * symbolSizeBytes;
    }

    /**
     * Bytes of a primary sliver, the first k₂ symbols of a row.
     *
     * @param symbolSizeBytes the symbol size s
     * @return {@code k₂·s}
     */
    public long primarySliverBytes(int symbolSizeBytes) {
        return (long) sourceColumns() * symbolSizeBytes;
    }

    /**
     * Bytes of a secondary sliver, the first k₁ symbols of a column.
     *
     * @param symbolSizeBytes the symbol size s
     * @return {@code k₁·s}
     */
    public long secondarySliverBytes(int symbolSizeBytes) {
        return (long) sourceRows() * symbolSizeBytes;
    }

    /**
     * Bytes of a whole row or column, n symbols.
     *
     * @param symbolSizeBytes the symbol size s
     * @return {@code n·s}
     */
    public long lineBytes(int symbolSizeBytes) {
        return (long) shards * symbolSizeBytes;
    }

    /**
     * Bytes of the full matrix of n rows and n columns of symbols.
     *
     * @param symbolSizeBytes the symbol size s
     * @return {@code n·n·s}
     */
    public long matrixBytes(int symbolSizeBytes) {
        return shards * lineBytes(symbolSizeBytes);
    }
}
