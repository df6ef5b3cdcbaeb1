package dev.moraine.proofs.blob;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.hash.Sha256;
import dev.moraine.proofs.hash.Tag;
import java.nio.ByteBuffer;

/**
 * What a blob id is the hash of: {@code n u16 ‖ s u32 ‖ L u64 ‖ T}.
 *
 * <p>A header of foreign origin may hold any values that fit its fields; it is worth something only after
 * {@link #isValidFor(Geometry)} and a comparison of {@link #id()}.
 *
 * <p>Immutable and thread-safe.
 *
 * @param shards the shard count n, a 16-bit number
 * @param symbolSizeBytes the symbol size s, at least 0
 * @param lengthBytes the blob's length L, at least 0
 * @param blobRoot the root T over the pairs of row and column roots
 */
public record BlobHeader(int shards, int symbolSizeBytes, long lengthBytes, Digest blobRoot) {
    /** Length of the encoded header. */
    public static final int ENCODED_BYTES = Short.BYTES + Integer.BYTES + Long.BYTES + Digest.BYTES;

    private static final byte[] ID_TAG = Tag.of("moraine/blob/v1");
    private static final int MAX_ENCODABLE_SHARDS = 0xFFFF;

    /**
     * Checks that the values fit the fields.
     *
     * @throws IllegalArgumentException if a value does not
     */
    public BlobHeader {
        if (shards < 0 || shards > MAX_ENCODABLE_SHARDS || symbolSizeBytes < 0 || lengthBytes < 0) {
            throw new IllegalArgumentException("a header cannot hold shards " + shards + ", symbolSizeBytes "
                    + symbolSizeBytes + ", lengthBytes " + lengthBytes);
        }
    }

    /**
     * The header of a blob under a root.
     *
     * @param geometry the committee's geometry
     * @param lengthBytes the blob's length, from 1 to {@link Geometry#MAX_BLOB_BYTES}
     * @param blobRoot the root T
     * @return a valid header
     * @throws IllegalArgumentException if the length is out of range
     */
    public static BlobHeader of(Geometry geometry, long lengthBytes, Digest blobRoot) {
        return new BlobHeader(geometry.shards(), geometry.symbolSizeBytes(lengthBytes), lengthBytes, blobRoot);
    }

    /**
     * Reads an encoded header. It is not yet known to be valid for any deployment.
     *
     * @param bytes exactly {@link #ENCODED_BYTES} bytes
     * @return the header
     * @throws InvalidMetadataException if the length is another, or a number is beyond every valid one
     */
    public static BlobHeader decode(byte[] bytes) throws InvalidMetadataException {
        if (bytes.length != ENCODED_BYTES) {
            throw new InvalidMetadataException("a header has " + ENCODED_BYTES + " bytes, not " + bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int shards = Short.toUnsignedInt(in.getShort());
        int symbolSizeBytes = in.getInt();
        long lengthBytes = in.getLong();
        if (symbolSizeBytes < 0 || lengthBytes < 0) {
            throw new InvalidMetadataException("no blob has symbolSizeBytes "
                    + Integer.toUnsignedString(symbolSizeBytes) + " and lengthBytes "
                    + Long.toUnsignedString(lengthBytes));
        }
        return new BlobHeader(shards, symbolSizeBytes, lengthBytes, Digest.of(bytes, in.position()));
    }

    /**
     * The blob id: the hash of this header under its tag.
     *
     * @return the id, computed anew in every call
     */
    public BlobId id() {
        return new BlobId(Sha256.digest(ID_TAG, encode()));
    }

    /**
     * The one byte form of this header.
     *
     * @return a new array of {@link #ENCODED_BYTES} bytes
     */
    public byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(ENCODED_BYTES);
        out.putShort((short) shards).putInt(symbolSizeBytes).putLong(lengthBytes).put(blobRoot.toBytes());
        return out.array();
    }

    /**
     * Whether this can be the header of a blob of a deployment: its shard count, a length that the protocol knows, and
     * the symbol size that follows from both.
     *
     * @param deployment the geometry of the deployment
     * @return true if so
     */
    public boolean isValidFor(Geometry deployment) {
        return shards == deployment.shards()
                && lengthBytes >= 1
                && lengthBytes <= Geometry.MAX_BLOB_BYTES
                && symbolSizeBytes == deployment.symbolSizeBytes(lengthBytes);
    }

    /**
     * Whether this can be the header of a blob of some deployment, for who has yet to learn which one.
     *
     * @return true if it is valid for a committee of the shard count that it names
     */
    public boolean isValidForSomeGeometry() {
        return shards >= Geometry.MIN_SHARDS && shards <= Geometry.MAX_SHARDS && isValidFor(new Geometry(shards));
    }
}
