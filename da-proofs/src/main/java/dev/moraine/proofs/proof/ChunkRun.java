package dev.moraine.proofs.proof;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.SymbolTree;
import java.util.ArrayList;
import java.util.List;

/**
 * Consecutive chunks of one symbol: what a reader asks the holder of a row for.
 *
 * @param row the symbol's row
 * @param column the symbol's column
 * @param firstChunk the first chunk of the symbol, from 0
 * @param chunkCount how many chunks, from 1 to {@link #MAX_CHUNKS}
 */
public record ChunkRun(int row, int column, int firstChunk, int chunkCount) {
    /** Most chunks of a run: so many chunk proofs of any valid blob stay below 1 MiB. */
    public static final int MAX_CHUNKS = 512;

    /**
     * The chunks that cover a byte range of a blob, in the order of the blob's bytes.
     *
     * @param header a valid header
     * @param offset first byte of the range
     * @param lengthBytes bytes of the range, at least 1
     * @return the runs; those of a long symbol are split at {@link #MAX_CHUNKS}
     * @throws IllegalArgumentException if the header is not valid or the range is empty or not within the blob
     */
    public static List<ChunkRun> covering(BlobHeader header, long offset, int lengthBytes) {
        if (!header.isValidForSomeGeometry()) {
            throw new IllegalArgumentException("the header is none of a blob: " + header);
        }
        if (offset < 0 || lengthBytes < 1 || offset > header.lengthBytes() - lengthBytes) {
            throw new IllegalArgumentException("the range must have at least one byte and end at or before "
                    + header.lengthBytes() + ", but has offset " + offset + " and lengthBytes " + lengthBytes);
        }
        int symbolSizeBytes = header.symbolSizeBytes();
        int sourceColumns = new Geometry(header.shards()).sourceColumns();
        long last = offset + lengthBytes - 1;
        List<ChunkRun> runs = new ArrayList<>();
        for (long symbol = offset / symbolSizeBytes; symbol <= last / symbolSizeBytes; symbol++) {
            long start = symbol * symbolSizeBytes;
            int firstByte = (int) (Math.max(offset, start) - start);
            int lastByte = (int) (Math.min(last, start + symbolSizeBytes - 1) - start);
            int lastChunk = lastByte / SymbolTree.CHUNK_BYTES;
            int row = (int) (symbol / sourceColumns);
            int column = (int) (symbol % sourceColumns);
            for (int chunk = firstByte / SymbolTree.CHUNK_BYTES; chunk <= lastChunk; chunk += MAX_CHUNKS) {
                runs.add(new ChunkRun(row, column, chunk, Math.min(MAX_CHUNKS, lastChunk - chunk + 1)));
            }
        }
        return List.copyOf(runs);
    }
}
