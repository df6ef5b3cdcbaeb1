package dev.moraine.proofs.blob;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerkleTree;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/**
 * A blob's header together with the roots of all its rows and columns, which lead to the root in the header.
 *
 * <p>Every instance is consistent in itself; whether it belongs to the blob that is wanted, {@link #id()} says.
 *
 * <p>Immutable and thread-safe.
 */
public final class BlobMetadata {
    private static final int PAIR_BYTES = 2 * Digest.BYTES;

    private final BlobHeader header;
    private final BlobId id;
    private final Geometry geometry;
    /** The pairs {@code R_i ‖ C_i} in order. */
    private final byte[] pairs;
    private final MerkleTree blobTree;

    private BlobMetadata(BlobHeader header, Geometry geometry, byte[] pairs, MerkleTree blobTree) {
        this.header = header;
        this.id = header.id();
        this.geometry = geometry;
        this.pairs = pairs;
        this.blobTree = blobTree;
    }

    /**
     * The metadata over the roots of a blob's rows and columns.
     *
     * @param geometry the committee's geometry
     * @param lengthBytes the blob's length, from 1 to {@link Geometry#MAX_BLOB_BYTES}
     * @param rowRoots the n row roots in order, 32 bytes each
     * @param columnRoots the n column roots in order, 32 bytes each
     * @return the metadata
     * @throws IllegalArgumentException if the length is out of range or there are not n roots of each kind
     */
    public static BlobMetadata of(Geometry geometry, long lengthBytes, byte[] rowRoots, byte[] columnRoots) {
        int shards = geometry.shards();
        int rootsBytes = shards * Digest.BYTES;
        if (rowRoots.length != rootsBytes || columnRoots.length != rootsBytes) {
            throw new IllegalArgumentException("rowRoots and columnRoots must have " + rootsBytes
                    + " bytes each, but have " + rowRoots.length + " and " + columnRoots.length);
        }
        byte[] pairs = new byte[shards * PAIR_BYTES];
        for (int i = 0; i < shards; i++) {
            System.arraycopy(rowRoots, i * Digest.BYTES, pairs, i * PAIR_BYTES, Digest.BYTES);
            System.arraycopy(columnRoots, i * Digest.BYTES, pairs, i * PAIR_BYTES + Digest.BYTES, Digest.BYTES);
        }
        MerkleTree blobTree = treeOver(pairs, shards);
        return new BlobMetadata(BlobHeader.of(geometry, lengthBytes, blobTree.root()), geometry, pairs, blobTree);
    }

    /**
     * Reads encoded metadata strictly. The caller compares {@link #id()} with the id that it wants.
     *
     * @param encoded the header, then the n pairs of row root and column root
     * @param deployment the geometry of the deployment
     * @return metadata whose roots lead to the root in its header
     * @throws InvalidMetadataException if the length is wrong, the header is not valid for the deployment, or the roots
     *     lead elsewhere
     */
    public static BlobMetadata decode(byte[] encoded, Geometry deployment) throws InvalidMetadataException {
        int expectedBytes = encodedBytes(deployment);
        if (encoded.length != expectedBytes) {
            throw new InvalidMetadataException("metadata of " + deployment.shards() + " shards has " + expectedBytes
                    + " bytes, not " + encoded.length);
        }
        BlobHeader header = BlobHeader.decode(Arrays.copyOf(encoded, BlobHeader.ENCODED_BYTES));
        if (!header.isValidFor(deployment)) {
            throw new InvalidMetadataException("the header is not valid in a deployment of " + deployment.shards()
                    + " shards: shards " + header.shards() + ", symbolSizeBytes " + header.symbolSizeBytes()
                    + ", lengthBytes " + header.lengthBytes());
        }
        byte[] pairs = Arrays.copyOfRange(encoded, BlobHeader.ENCODED_BYTES, encoded.length);
        MerkleTree blobTree = treeOver(pairs, deployment.shards());
        if (!blobTree.root().equals(header.blobRoot())) {
            throw new InvalidMetadataException("the roots of rows and columns lead to " + blobTree.root()
                    + ", not to the header's " + header.blobRoot());
        }
        return new BlobMetadata(header, deployment, pairs, blobTree);
    }

    /**
     * Length of encoded metadata.
     *
     * @param deployment the geometry of the deployment
     * @return 46 + 64·n bytes
     */
    public static int encodedBytes(Geometry deployment) {
        return BlobHeader.ENCODED_BYTES + deployment.shards() * PAIR_BYTES;
    }

    /**
     * The header.
     *
     * @return a valid header
     */
    public BlobHeader header() {
        return header;
    }

    /**
     * The id of the blob that this is the metadata of.
     *
     * @return the hash of the header
     */
    public BlobId id() {
        return id;
    }

    /**
     * The geometry that the header names.
     *
     * @return the geometry
     */
    public Geometry geometry() {
        return geometry;
    }

    /**
     * The root of a row.
     *
     * @param row the row, from 0 to n − 1
     * @return {@code R_row}
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public Digest rowRoot(int row) {
        return Digest.of(pairs, Objects.checkIndex(row, geometry.shards()) * PAIR_BYTES);
    }

    /**
     * The root of a column.
     *
     * @param column the column, from 0 to n − 1
     * @return {@code C_column}
     * @throws IndexOutOfBoundsException if there is no such column
     */
    public Digest columnRoot(int column) {
        return Digest.of(pairs, Objects.checkIndex(column, geometry.shards()) * PAIR_BYTES + Digest.BYTES);
    }

    /**
     * The tree from the pairs of roots to the blob root.
     *
     * @return all levels as {@link MerkleTree#nodes} gives them
     */
    public byte[] blobTreeNodes() {
        return blobTree.nodes();
    }

    /**
     * The path of the leaf {@code R_index ‖ C_index} to the root in the header.
     *
     * @param index the pair, from 0 to n − 1
     * @return the sibling hashes bottom up, 32 bytes each
     * @throws IndexOutOfBoundsException if there is no such pair
     */
    public byte[] blobPath(int index) {
        return blobTree.path(index);
    }

    /**
     * The one byte form of this metadata.
     *
     * @return a new array: the header, then the n pairs of row root and column root
     */
    public byte[] encode() {
        byte[] encoded = Arrays.copyOf(header.encode(), BlobHeader.ENCODED_BYTES + pairs.length);
        System.arraycopy(pairs, 0, encoded, BlobHeader.ENCODED_BYTES, pairs.length);
        return encoded;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlobMetadata that && header.equals(that.header) && Arrays.equals(pairs, that.pairs);
    }

    @Override
    public int hashCode() {
        return header.hashCode();
    }

    @Override
    public String toString() {
        return "BlobMetadata[" + header + "]";
    }

    private static MerkleTree treeOver(byte[] pairs, int shards) {
        byte[] leafHashes = new byte[shards * Digest.BYTES];
        MerkleTree.hashLeaves(
                MemorySegment.ofArray(pairs),
                0,
                PAIR_BYTES,
                PAIR_BYTES,
                shards,
                MemorySegment.ofArray(leafHashes),
                0,
                Digest.BYTES);
        return MerkleTree.ofLeafHashes(leafHashes);
    }
}
