package dev.moraine.proofs.certificate;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.hash.Digest;
import java.nio.ByteBuffer;

/**
 * One blob of a bundle: what it is, whose it is, and until when it is kept. A rollup identifies a batch by this.
 *
 * <p>Immutable and thread-safe.
 *
 * @param blobId the blob
 * @param namespace the rollup
 * @param lengthBytes the blob's length L, from 1 to 2³²
 * @param expiryEpoch the last epoch in which it is kept, at least 0
 */
public record BundleEntry(BlobId blobId, Namespace namespace, long lengthBytes, long expiryEpoch) {
    /** Bytes of the encoding. */
    public static final int ENCODED_BYTES = BlobId.BYTES + Namespace.BYTES + 2 * Long.BYTES;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if the length or the epoch is out of range
     */
    public BundleEntry {
        if (!isInRange(lengthBytes, expiryEpoch)) {
            throw new IllegalArgumentException("lengthBytes must be from 1 to " + Geometry.MAX_BLOB_BYTES
                    + " and expiryEpoch at least 0, but are " + lengthBytes + " and " + expiryEpoch);
        }
    }

    /**
     * Whether an entry can have these values, to be asked before foreign ones become an entry.
     *
     * @param lengthBytes the blob's length, unsigned as on the wire
     * @param expiryEpoch the expiry epoch; epochs beyond 2⁶³ − 1, which are negative here, do not exist
     * @return whether both are in range
     */
    public static boolean isInRange(long lengthBytes, long expiryEpoch) {
        return lengthBytes >= 1 && lengthBytes <= Geometry.MAX_BLOB_BYTES && expiryEpoch >= 0;
    }

    /**
     * The encoding: {@code blobId 32 ‖ namespace 32 ‖ L u64 ‖ expiryEpoch u64}.
     *
     * @return a new array of {@link #ENCODED_BYTES} bytes
     */
    public byte[] encode() {
        return ByteBuffer.allocate(ENCODED_BYTES)
                .put(blobId.toBytes())
                .put(namespace.value().toBytes())
                .putLong(lengthBytes)
                .putLong(expiryEpoch)
                .array();
    }

    /**
     * Reads an encoding.
     *
     * @param encoded bytes from outside, of any length and content
     * @return the entry
     * @throws InvalidEncodingException unless they are the encoding of an entry
     */
    public static BundleEntry decode(byte[] encoded) throws InvalidEncodingException {
        if (encoded.length != ENCODED_BYTES) {
            throw new InvalidEncodingException(
                    EncodingFault.WRONG_LENGTH, "an entry has " + ENCODED_BYTES + " bytes, not " + encoded.length);
        }
        ByteBuffer fields = ByteBuffer.wrap(encoded).position(BlobId.BYTES + Namespace.BYTES);
        long lengthBytes = fields.getLong();
        long expiryEpoch = fields.getLong();
        if (!isInRange(lengthBytes, expiryEpoch)) {
            throw new InvalidEncodingException(
                    EncodingFault.OUT_OF_RANGE, "an entry's length must be from 1 to " + Geometry.MAX_BLOB_BYTES
                            + " and its epoch below 2^63, but are " + Long.toUnsignedString(lengthBytes) + " and "
                            + Long.toUnsignedString(expiryEpoch));
        }
        return new BundleEntry(
                new BlobId(Digest.of(encoded, 0)),
                new Namespace(Digest.of(encoded, BlobId.BYTES)),
                lengthBytes,
                expiryEpoch);
    }
}
