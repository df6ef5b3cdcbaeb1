package dev.moraine.wire.message;

/**
 * An entry of a bundle as it travels.
 *
 * @param blobId 32 bytes
 * @param namespace 32 bytes
 * @param lengthBytes the length of the blob, from 1 to {@link MessageLimits#MAX_BLOB_BYTES}
 * @param expiryEpoch the last epoch in which the blob is kept, not negative
 */
@SuppressWarnings("ArrayRecordComponent") // Messages are carried, never compared.
public record WireEntry(byte[] blobId, byte[] namespace, long lengthBytes, long expiryEpoch) {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public WireEntry {
        MessageLimits.exact("blobId", blobId, MessageLimits.HASH_BYTES);
        MessageLimits.exact("namespace", namespace, MessageLimits.HASH_BYTES);
        MessageLimits.range("lengthBytes", lengthBytes, 1, MessageLimits.MAX_BLOB_BYTES);
        MessageLimits.range("expiryEpoch", expiryEpoch, 0, Long.MAX_VALUE);
    }
}
