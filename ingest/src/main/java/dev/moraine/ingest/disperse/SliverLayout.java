package dev.moraine.ingest.disperse;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobMetadata;
import java.lang.foreign.MemorySegment;

/**
 * Where the parts of a batch lie in its one piece of memory: the extended matrix, then the secondary slivers, then the
 * metadata. Primary slivers are the beginnings of the matrix rows. The blob itself lies where the secondary slivers
 * come to lie once it is encoded.
 *
 * <p>Immutable and thread-safe.
 *
 * @param geometry the deployment's geometry
 * @param symbolSizeBytes the batch's symbol size
 */
public record SliverLayout(Geometry geometry, int symbolSizeBytes) {
    /** {@return the bytes of the whole piece of memory} */
    public long totalBytes() {
        return metadataOffset() + metadataBytes();
    }

    /** {@return the bytes of the encoded metadata} */
    public long metadataBytes() {
        return BlobMetadata.encodedBytes(geometry);
    }

    /**
     * The place of the blob before it is encoded.
     *
     * @param memory the batch's memory
     * @param lengthBytes the blob's length, which gave this layout's symbol size
     * @return a slice
     */
    public MemorySegment blob(MemorySegment memory, long lengthBytes) {
        return memory.asSlice(matrixBytes(), lengthBytes);
    }

    /**
     * The extended matrix.
     *
     * @param memory the batch's memory
     * @return a slice of n·n symbols, row by row
     */
    public MemorySegment matrix(MemorySegment memory) {
        return memory.asSlice(0, matrixBytes());
    }

    /**
     * A primary sliver.
     *
     * @param memory the batch's memory
     * @param pairIndex the row
     * @return a slice of k₂ symbols
     */
    public MemorySegment primary(MemorySegment memory, int pairIndex) {
        return memory.asSlice(pairIndex * geometry.lineBytes(symbolSizeBytes),
                geometry.primarySliverBytes(symbolSizeBytes));
    }

    /**
     * The place of a secondary sliver.
     *
     * @param memory the batch's memory
     * @param pairIndex the column
     * @return a slice of k₁ symbols
     */
    public MemorySegment secondary(MemorySegment memory, int pairIndex) {
        long sliverBytes = geometry.secondarySliverBytes(symbolSizeBytes);
        return memory.asSlice(matrixBytes() + pairIndex * sliverBytes, sliverBytes);
    }

    /**
     * The place of the encoded metadata.
     *
     * @param memory the batch's memory
     * @return a slice of {@link #metadataBytes()}
     */
    public MemorySegment metadata(MemorySegment memory) {
        return memory.asSlice(metadataOffset(), metadataBytes());
    }

    /**
     * The bytes of a batch that go to one node.
     *
     * @param shards how many shards the node holds
     * @return bytes of metadata and slivers
     */
    public long nodeBytes(int shards) {
        return metadataBytes()
                + shards
                        * (geometry.primarySliverBytes(symbolSizeBytes)
                                + geometry.secondarySliverBytes(symbolSizeBytes));
    }

    private long matrixBytes() {
        return geometry.matrixBytes(symbolSizeBytes);
    }

    private long metadataOffset() {
        return matrixBytes() + geometry.shards() * geometry.secondarySliverBytes(symbolSizeBytes);
    }
}
