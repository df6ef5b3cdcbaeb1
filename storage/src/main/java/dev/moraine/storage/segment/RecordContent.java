package dev.moraine.storage.segment;

import dev.moraine.proofs.hash.Digest;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What a new record shall hold. The memory is read before {@link SegmentLog#append} returns, and not kept.
 *
 * @param type the kind of record
 * @param blobId whose record it is, {@link RecordHeader#NO_BLOB} where the type has none
 * @param pairIndex which sliver pair, 0 where the type has none
 * @param expiryEpoch the last epoch of the blob's retention, 0 where the type has none; the number of a certificate
 * @param lead metadata or certificate, or nothing
 * @param list hash trees or bundle entries, or nothing
 * @param primary primary sliver, or nothing
 * @param secondary secondary sliver, or nothing
 */
public record RecordContent(
        RecordType type,
        Digest blobId,
        int pairIndex,
        long expiryEpoch,
        MemorySegment lead,
        MemorySegment list,
        MemorySegment primary,
        MemorySegment secondary) {
    private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

    /**
     * A record that is only a header.
     *
     * @param type the kind of record
     * @param blobId whose record it is
     * @param expiryEpoch the last epoch of the blob's retention
     * @return the content
     */
    public static RecordContent headerOnly(RecordType type, Digest blobId, long expiryEpoch) {
        return new RecordContent(type, blobId, 0, expiryEpoch, NOTHING, NOTHING, NOTHING, NOTHING);
    }

    /**
     * A record of a certificate.
     *
     * @param number the number of the certificate
     * @param lead the certificate
     * @param list the entries of its bundle
     * @return the content
     */
    public static RecordContent certificate(long number, MemorySegment lead, MemorySegment list) {
        return new RecordContent(
                RecordType.CERTIFICATE, RecordHeader.NO_BLOB, 0, number, lead, list, NOTHING, NOTHING);
    }

    /**
     * A record of slivers.
     *
     * @param type the kind of record
     * @param blobId whose slivers
     * @param pairIndex which pair
     * @param trees the hash trees of the lines
     * @param primary the primary sliver, or null
     * @param secondary the secondary sliver, or null
     * @return the content
     */
    public static RecordContent slivers(
            RecordType type,
            Digest blobId,
            int pairIndex,
            MemorySegment trees,
            @Nullable MemorySegment primary,
            @Nullable MemorySegment secondary) {
        return new RecordContent(
                type,
                blobId,
                pairIndex,
                0,
                NOTHING,
                trees,
                primary == null ? NOTHING : primary,
                secondary == null ? NOTHING : secondary);
    }

    /**
     * A copy of a record that is somewhere already.
     *
     * @param header its header
     * @param record the whole record, checked
     * @return the same content, for another place
     */
    public static RecordContent copyOf(RecordHeader header, MemorySegment record) {
        RecordLayout layout = header.layout();
        return new RecordContent(
                header.type(),
                header.blobId(),
                header.pairIndex(),
                header.expiryEpoch(),
                record.asSlice(layout.leadOffset(), layout.leadBytes()),
                record.asSlice(layout.listOffset(), layout.listBytes()),
                record.asSlice(layout.primaryOffset(), layout.primaryBytes()),
                record.asSlice(layout.secondaryOffset(), layout.secondaryBytes()));
    }

    /**
     * The lengths of the parts.
     *
     * @return the layout of the record
     * @throws IllegalArgumentException if a part is too long for a record
     */
    public RecordLayout layout() {
        return new RecordLayout(
                intLength(lead), intLength(list), primary.byteSize(), secondary.byteSize());
    }

    private static int intLength(MemorySegment part) {
        if (part.byteSize() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "the lead and the list of a record have at most 2^31-1 bytes, not " + part.byteSize());
        }
        return (int) part.byteSize();
    }
}
