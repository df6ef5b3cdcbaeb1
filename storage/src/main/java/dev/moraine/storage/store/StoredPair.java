package dev.moraine.storage.store;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.blob.InvalidMetadataException;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.proof.Axis;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Slivers of a pair that were checked.
 *
 * <p>From {@link SliverStore#find} the memory is native, belongs to this pair alone, and can be given to a socket as it
 * is. Nobody writes to it: it is not marked read-only only because a socket's buffers copy such memory. It ends with
 * {@link #release}: who uses it later gets an {@link IllegalStateException}, never other bytes.
 *
 * <p>From {@link SliverStore#findMapped} it is the mapped segment itself, read-only, and must not be used after
 * {@link #release}: then the segment may be deleted, and who uses it later gets an {@link IllegalStateException} or the
 * same bytes.
 *
 * <p>Threading: any thread, also several at once.
 */
public final class StoredPair implements AutoCloseable {
    private final Runnable onRelease;
    private final MemorySegment metadata;
    private final MemorySegment blobTree;
    private final int pairIndex;
    private final int shards;
    private final @Nullable Line row;
    private final @Nullable Line column;

    /**
     * A sliver with its line's tree.
     *
     * @param sliver the sliver
     * @param tree all nodes of the tree over the line's n symbol roots
     */
    record Line(MemorySegment sliver, MemorySegment tree) {}

    /**
     * Takes over the memory.
     *
     * @param onRelease gives the memory back; throws when it was called before
     * @param metadata the encoded metadata
     * @param blobTree the tree of the blob
     * @param pairIndex which pair
     * @param row the primary sliver, or null if it was not asked for
     * @param column the secondary sliver, likewise
     */
    StoredPair(
            Runnable onRelease,
            MemorySegment metadata,
            MemorySegment blobTree,
            int pairIndex,
            @Nullable Line row,
            @Nullable Line column) {
        this.onRelease = onRelease;
        this.metadata = metadata;
        this.blobTree = blobTree;
        this.pairIndex = pairIndex;
        this.row = row;
        this.column = column;
        this.shards = header().shards();
    }

    /**
     * The metadata of the blob, decoded and hashed anew in every call.
     *
     * @return the metadata
     * @throws IllegalStateException if the pair was released
     */
    public BlobMetadata metadata() {
        byte[] encoded = metadata.toArray(ValueLayout.JAVA_BYTE);
        try {
            return decodeMetadata(encoded);
        } catch (InvalidMetadataException e) {
            throw new IllegalStateException("a record with a right checksum has no right metadata", e);
        }
    }

    static BlobMetadata decodeMetadata(byte[] encoded) throws InvalidMetadataException {
        if (encoded.length < BlobHeader.ENCODED_BYTES) {
            throw new InvalidMetadataException("metadata has more than " + encoded.length + " bytes");
        }
        int shards = BlobHeader.decode(Arrays.copyOf(encoded, BlobHeader.ENCODED_BYTES)).shards();
        return BlobMetadata.decode(encoded, new Geometry(shards));
    }

    /**
     * The header of the blob.
     *
     * @return the header
     * @throws IllegalStateException if the pair was released
     */
    public BlobHeader header() {
        try {
            return BlobHeader.decode(
                    metadata.asSlice(0, BlobHeader.ENCODED_BYTES).toArray(ValueLayout.JAVA_BYTE));
        } catch (InvalidMetadataException e) {
            throw new IllegalStateException("a record with a right checksum has no right header", e);
        }
    }

    /**
     * The metadata of the blob as it travels.
     *
     * @return encoded metadata
     */
    public MemorySegment metadataBytes() {
        return metadata;
    }

    /**
     * Which pair of the blob.
     *
     * @return the index, from 0
     */
    public int pairIndex() {
        return pairIndex;
    }

    /**
     * Whether one of the slivers is here. Both are, unless only one was asked for.
     *
     * @param axis {@link Axis#ROW} for the primary, {@link Axis#COLUMN} for the secondary sliver
     * @return whether it is
     */
    public boolean has(Axis axis) {
        return (axis == Axis.ROW ? row : column) != null;
    }

    private Line line(Axis axis) {
        Line line = axis == Axis.ROW ? row : column;
        if (line == null) {
            throw new IllegalStateException("only the other sliver of the pair was asked for");
        }
        return line;
    }

    /**
     * The primary sliver: the source symbols of the row of the pair's index.
     *
     * @return k₂·s bytes, aligned to 64 bytes
     */
    public MemorySegment primary() {
        return line(Axis.ROW).sliver();
    }

    /**
     * The secondary sliver: the source symbols of the column of the pair's index.
     *
     * @return k₁·s bytes, aligned to 64 bytes
     */
    public MemorySegment secondary() {
        return line(Axis.COLUMN).sliver();
    }

    /**
     * The roots of the n symbols of the row.
     *
     * @return 32·n bytes
     */
    public MemorySegment rowSymbolRoots() {
        return line(Axis.ROW).tree().asSlice(0, (long) shards * Digest.BYTES);
    }

    /**
     * The roots of the n symbols of the column.
     *
     * @return 32·n bytes
     */
    public MemorySegment columnSymbolRoots() {
        return line(Axis.COLUMN).tree().asSlice(0, (long) shards * Digest.BYTES);
    }

    byte[] tree(Axis axis) {
        return line(axis).tree().toArray(ValueLayout.JAVA_BYTE);
    }

    /**
     * The path from a symbol root to the root of its line, without hashing.
     *
     * @param axis the line
     * @param index which symbol of the line, from 0 to n − 1
     * @return the siblings bottom up, 32 bytes each
     */
    public byte[] linePath(Axis axis, int index) {
        return path(line(axis).tree(), index);
    }

    /**
     * The path from the pair's roots to the blob root, without hashing.
     *
     * @return the siblings bottom up, 32 bytes each
     */
    public byte[] blobPath() {
        return path(blobTree, pairIndex);
    }

    private byte[] path(MemorySegment tree, int index) {
        byte[] path = new byte[StoredTree.pathBytes(shards, index)];
        StoredTree.copyPath(tree, 0, shards, index, MemorySegment.ofArray(path), 0);
        return path;
    }

    /**
     * The root of a line of the pair's index, as the metadata says it.
     *
     * @param axis the line
     * @return the root of the row or of the column
     */
    public Digest lineRoot(Axis axis) {
        long pair = BlobHeader.ENCODED_BYTES + 2L * pairIndex * Digest.BYTES;
        return Digest.of(metadata, axis == Axis.ROW ? pair : pair + Digest.BYTES);
    }

    /**
     * Frees the memory. Must be called exactly once, when no thread reads from it any more.
     *
     * @throws IllegalStateException if it was called before, or the memory is being read
     */
    public void release() {
        onRelease.run();
    }

    /** The same as {@link #release}. */
    @Override
    public void close() {
        release();
    }
}
