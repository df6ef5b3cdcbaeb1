package dev.moraine.storage.store;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.blob.InvalidMetadataException;
import dev.moraine.storage.segment.RecordHeader;
import dev.moraine.storage.segment.RecordLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A sliver pair that was read and checked. The memory is native, belongs to this pair alone, and can be given to a
 * socket as it is. Nobody writes to it: the segments are not marked read-only only because a socket's buffers copy
 * such memory.
 *
 * <p>Threading: any thread, also several at once. All segments end with {@link #release}: who uses one later gets an
 * {@link IllegalStateException}, never other bytes.
 */
public final class StoredPair implements AutoCloseable {
    private final Arena arena;
    private final MemorySegment record;
    private final RecordHeader header;

    /**
     * Takes over the memory.
     *
     * @param arena owns the record
     * @param record the whole record, checked
     * @param header its header
     */
    StoredPair(Arena arena, MemorySegment record, RecordHeader header) {
        this.arena = arena;
        this.record = record;
        this.header = header;
    }

    /**
     * The metadata of the blob, decoded anew in every call.
     *
     * @return the metadata
     * @throws IllegalStateException if the pair was released
     */
    public BlobMetadata metadata() {
        byte[] encoded = metadataBytes().toArray(ValueLayout.JAVA_BYTE);
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
     * The metadata of the blob as it travels.
     *
     * @return encoded metadata
     */
    public MemorySegment metadataBytes() {
        RecordLayout layout = header.layout();
        return record.asSlice(layout.leadOffset(), layout.leadBytes());
    }

    /**
     * Which pair of the blob.
     *
     * @return the index, from 0
     */
    public int pairIndex() {
        return header.pairIndex();
    }

    /**
     * The primary sliver: the source symbols of the row of the pair's index.
     *
     * @return k₂·s bytes, aligned to 64 bytes
     */
    public MemorySegment primary() {
        RecordLayout layout = header.layout();
        return record.asSlice(layout.primaryOffset(), layout.primaryBytes());
    }

    /**
     * The secondary sliver: the source symbols of the column of the pair's index.
     *
     * @return k₁·s bytes, aligned to 64 bytes
     */
    public MemorySegment secondary() {
        RecordLayout layout = header.layout();
        return record.asSlice(layout.secondaryOffset(), layout.secondaryBytes());
    }

    /**
     * The roots of the n symbols of the row.
     *
     * @return 32·n bytes
     */
    public MemorySegment rowSymbolRoots() {
        RecordLayout layout = header.layout();
        return record.asSlice(layout.listOffset(), layout.listBytes() / 2);
    }

    /**
     * The roots of the n symbols of the column.
     *
     * @return 32·n bytes
     */
    public MemorySegment columnSymbolRoots() {
        RecordLayout layout = header.layout();
        return record.asSlice(layout.listOffset() + layout.listBytes() / 2, layout.listBytes() / 2);
    }

    /**
     * Frees the memory. Must be called exactly once, when no thread reads from it any more.
     *
     * @throws IllegalStateException if it was called before, or the memory is being read
     */
    public void release() {
        arena.close();
    }

    /** The same as {@link #release}. */
    @Override
    public void close() {
        release();
    }
}
