package dev.moraine.codec;

import java.lang.foreign.MemorySegment;

/**
 * Encoding as the protocol defines it (section 2): every block of data shards is interpolated, the polynomials are
 * added, and the sum is evaluated at the points of the parity shards. Costs grow with the logarithm of the number of
 * parity shards.
 *
 * <p>Immutable and thread-safe.
 */
final class TransformEncoding implements CodecKernel.PreparedMap {
    private final int dataShards;
    private final int parityShards;
    private final int blockSize;
    private final int stripBytes;

    TransformEncoding(int dataShards, int parityShards) {
        this.dataShards = dataShards;
        this.parityShards = parityShards;
        blockSize = CodePoints.blockSize(dataShards, dataShards + parityShards);
        stripBytes = Workspace.stripBytes(dataShards > blockSize ? 2 * blockSize : blockSize);
    }

    /**
     * What an encoding costs for each byte position: 10 for every butterfly that multiplies, and 2 for every row that
     * a pass over the strips reads and writes.
     *
     * @param dataShards k
     * @param parityShards from 1 on
     * @return the cost, to be compared with others of the same measure
     */
    static int cost(int dataShards, int parityShards) {
        int blockSize = CodePoints.blockSize(dataShards, dataShards + parityShards);
        int fullBlocks = dataShards / blockSize;
        int restRows = dataShards % blockSize;
        int butterflies = fullBlocks * StripTransform.inverseButterflies(blockSize, blockSize)
                + (restRows == 0 ? 0 : StripTransform.inverseButterflies(blockSize, restRows))
                + StripTransform.forwardButterflies(blockSize, parityShards);
        int passes = Math.ceilDiv(Integer.numberOfTrailingZeros(blockSize), 2);
        int transforms = Math.ceilDiv(dataShards, blockSize) + 1;
        return 10 * butterflies + 2 * passes * transforms * blockSize;
    }

    @Override
    public void apply(ShardMemory sources, ShardMemory targets) {
        MemorySegment strips = Workspace.ofThread().strips();
        long shardBytes = sources.shardBytes();
        int wantedBlocks = blocksOf(parityShards);
        for (long position = 0; position < shardBytes; position += stripBytes) {
            int rowBytes = (int) Math.min(stripBytes, shardBytes - position);
            interpolate(sources, position, strips, rowBytes);
            StripTransform.forward(strips, 0, blockSize, rowBytes, 0, wantedBlocks, parityShards);
            for (int parity = 0; parity < parityShards; parity++) {
                targets.write(dataShards + parity, position, strips, (long) parity * rowBytes, rowBytes);
            }
        }
    }

    /** Leaves the sum of the polynomials of all blocks in the first rows. */
    private void interpolate(ShardMemory sources, long position, MemorySegment strips, int rowBytes) {
        long blockBytes = (long) blockSize * rowBytes;
        for (int first = 0; first < dataShards; first += blockSize) {
            int rows = Math.min(blockSize, dataShards - first);
            long at = first == 0 ? 0 : blockBytes;
            for (int row = 0; row < rows; row++) {
                sources.read(first + row, position, strips, at + (long) row * rowBytes, rowBytes);
            }
            if (rows < blockSize) {
                Butterflies.clear(strips, at + (long) rows * rowBytes, (blockSize - rows) * rowBytes);
            }
            StripTransform.inverse(
                    strips,
                    at,
                    blockSize,
                    rowBytes,
                    blockSize + first,
                    blocksOf(rows),
                    rows,
                    first == 0 ? StripTransform.IN_PLACE : 0);
        }
    }

    private static int blocksOf(int rows) {
        return (1 << Math.ceilDiv(rows, StripTransform.BLOCK_ROWS)) - 1;
    }
}
