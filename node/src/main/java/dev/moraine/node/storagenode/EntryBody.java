package dev.moraine.node.storagenode;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.wire.message.SliverData;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;

/**
 * The memory for one wanted entry: the metadata, and both slivers of every pair that the node holds. Parts fill from the
 * front. Not thread-safe; the upload that owns it guards it.
 */
final class EntryBody {
    private static final int BYTES_PER_ROOT_PAIR = 64;
    private static final int ALIGNMENT_BYTES = Geometry.SYMBOL_ALIGNMENT_BYTES;

    private final int[] pairs;
    private final PartMemory metadata;
    private final PartMemory[] primaries;
    private final PartMemory[] secondaries;

    private static final class PartMemory {
        private final MemorySegment bytes;
        private long filledBytes;

        private PartMemory(MemorySegment bytes) {
            this.bytes = bytes;
        }
    }

    /**
     * Takes memory for an entry.
     *
     * @param geometry the committee's
     * @param lengthBytes the blob's length
     * @param pairs the indices of the pairs that the node holds of the blob
     * @param memory gives {@link #memoryBytes} bytes
     */
    EntryBody(Geometry geometry, long lengthBytes, int[] pairs, SegmentAllocator memory) {
        int symbolSizeBytes = geometry.symbolSizeBytes(lengthBytes);
        this.pairs = pairs;
        metadata = new PartMemory(memory.allocate(metadataBytes(geometry), ALIGNMENT_BYTES));
        primaries = new PartMemory[pairs.length];
        secondaries = new PartMemory[pairs.length];
        for (int i = 0; i < pairs.length; i++) {
            long primaryBytes = geometry.primarySliverBytes(symbolSizeBytes);
            long secondaryBytes = geometry.secondarySliverBytes(symbolSizeBytes);
            primaries[i] = new PartMemory(memory.allocate(primaryBytes, ALIGNMENT_BYTES));
            secondaries[i] = new PartMemory(memory.allocate(secondaryBytes, ALIGNMENT_BYTES));
        }
    }

    /**
     * The memory that an entry takes.
     *
     * @param geometry the committee's
     * @param lengthBytes the blob's length, from 1 to {@link Geometry#MAX_BLOB_BYTES}
     * @param pairs how many pairs the node holds
     * @return bytes, the alignment of the parts included
     */
    static long memoryBytes(Geometry geometry, long lengthBytes, int pairs) {
        int symbolSizeBytes = geometry.symbolSizeBytes(lengthBytes);
        long pairBytes = geometry.primarySliverBytes(symbolSizeBytes) + geometry.secondarySliverBytes(symbolSizeBytes);
        return Math.ceilDiv(metadataBytes(geometry), ALIGNMENT_BYTES) * ALIGNMENT_BYTES + pairs * pairBytes;
    }

    private static long metadataBytes(Geometry geometry) {
        return BlobHeader.ENCODED_BYTES + (long) BYTES_PER_ROOT_PAIR * geometry.shards();
    }

    /**
     * Takes a piece, or says why not; then nothing was written.
     *
     * @param piece the piece, whose end is not past its {@code totalBytes}
     * @return {@link UploadVerdict#ACCEPT} or the reason against
     */
    UploadVerdict accept(SliverData piece) {
        int held = indexOf(piece.pairIndex());
        if (held < 0) {
            return UploadVerdict.PAIR_NOT_HELD;
        }
        PartMemory memory = switch (piece.part()) {
            case METADATA -> metadata;
            case PRIMARY -> primaries[held];
            case SECONDARY -> secondaries[held];
        };
        if (piece.totalBytes() != memory.bytes.byteSize()) {
            return UploadVerdict.WRONG_TOTAL;
        }
        if (piece.offset() != memory.filledBytes) {
            return UploadVerdict.NOT_CONTIGUOUS;
        }
        MemorySegment.copy(piece.data(), 0, memory.bytes, piece.offset(), piece.data().byteSize());
        memory.filledBytes += piece.data().byteSize();
        return UploadVerdict.ACCEPT;
    }

    /**
     * Bytes that must come.
     *
     * @return the lengths of all parts
     */
    long expectedBytes() {
        long expected = metadata.bytes.byteSize();
        for (int i = 0; i < pairs.length; i++) {
            expected += primaries[i].bytes.byteSize() + secondaries[i].bytes.byteSize();
        }
        return expected;
    }

    /**
     * The pairs of the blob that the node holds.
     *
     * @return how many
     */
    int pairCount() {
        return pairs.length;
    }

    /**
     * The index of a pair in the blob.
     *
     * @param held from 0 to {@link #pairCount()} − 1
     * @return from 0 to n − 1
     */
    int pairIndex(int held) {
        return pairs[held];
    }

    /**
     * The metadata as it came.
     *
     * @return a new array
     */
    byte[] metadata() {
        return metadata.bytes.toArray(ValueLayout.JAVA_BYTE);
    }

    /**
     * A primary sliver as it came.
     *
     * @param held from 0 to {@link #pairCount()} − 1
     * @return the upload's memory
     */
    MemorySegment primary(int held) {
        return primaries[held].bytes;
    }

    /**
     * A secondary sliver as it came.
     *
     * @param held from 0 to {@link #pairCount()} − 1
     * @return the upload's memory
     */
    MemorySegment secondary(int held) {
        return secondaries[held].bytes;
    }

    private int indexOf(int pairIndex) {
        for (int i = 0; i < pairs.length; i++) {
            if (pairs[i] == pairIndex) {
                return i;
            }
        }
        return -1;
    }
}
