package dev.moraine.wire.message;

import java.util.List;

/**
 * Offers a bundle for storing. The node answers with {@link BundleGrant}, {@link BundleRefused}, {@link Busy} or
 * {@link Failure}.
 *
 * @param requestId the request
 * @param epoch the epoch of the statement, not negative
 * @param bundleRoot 32 bytes
 * @param writerKey Ed25519 public key, 32 bytes
 * @param writerSignature Ed25519 signature of the write right, 64 bytes
 * @param entries from 1 to {@link MessageLimits#MAX_BUNDLE_ENTRIES}
 */
@SuppressWarnings("ArrayRecordComponent") // Messages are carried, never compared.
public record BundleOffer(
        long requestId,
        long epoch,
        byte[] bundleRoot,
        byte[] writerKey,
        byte[] writerSignature,
        List<WireEntry> entries)
        implements ClientMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public BundleOffer {
        MessageLimits.range("epoch", epoch, 0, Long.MAX_VALUE);
        MessageLimits.exact("bundleRoot", bundleRoot, MessageLimits.HASH_BYTES);
        MessageLimits.exact("writerKey", writerKey, MessageLimits.WRITER_KEY_BYTES);
        MessageLimits.exact("writerSignature", writerSignature, MessageLimits.WRITER_SIGNATURE_BYTES);
        MessageLimits.range("entries", entries.size(), 1, MessageLimits.MAX_BUNDLE_ENTRIES);
        entries = List.copyOf(entries);
    }
}
