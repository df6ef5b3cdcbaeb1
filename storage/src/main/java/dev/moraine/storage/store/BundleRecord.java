package dev.moraine.storage.store;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.storage.segment.RecordDescriptor;
import java.util.List;

/**
 * What a node stores before it signs a bundle: all of it or, when there is no room, none of it.
 *
 * @param pairs the pairs, verified; those that are held already are not written again
 * @param retentions until when the blobs of the bundle must be kept
 */
public record BundleRecord(List<PairRecord> pairs, List<Retention> retentions) {
    /** Keeps the lists from being changed. */
    public BundleRecord {
        pairs = List.copyOf(pairs);
        retentions = List.copyOf(retentions);
    }

    /**
     * What a bundle takes on the disk besides its slivers, at the most: metadata, hash trees, headers and padding.
     *
     * @param geometry the committee's
     * @param blobs how many blobs
     * @param pairsPerBlob how many pairs of each
     * @return bytes
     */
    public static long overheadBytes(Geometry geometry, int blobs, int pairsPerBlob) {
        long treeBytes = StoredTree.lengthBytes(geometry.shards());
        long recordBytes = 2L * RecordDescriptor.ALIGNMENT_BYTES + RecordDescriptor.SLIVER_ALIGNMENT_BYTES;
        long blobBytes = 2 * recordBytes + BlobMetadata.encodedBytes(geometry) + treeBytes;
        return blobs * (blobBytes + pairsPerBlob * (recordBytes + 2 * treeBytes));
    }

    /**
     * Until when a blob must be kept.
     *
     * @param blobId the blob
     * @param expiryEpoch the last epoch of its retention, at least 0
     */
    public record Retention(BlobId blobId, long expiryEpoch) {
        /**
         * Checks the epoch.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Retention {
            if (expiryEpoch < 0) {
                throw new IllegalArgumentException("expiryEpoch must be at least 0, but is " + expiryEpoch);
            }
        }
    }
}
