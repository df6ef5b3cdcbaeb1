package dev.moraine.wire.message;

/**
 * Ends a {@link BundleOffer}: the node stored the bundle, and signed its statement.
 *
 * @param requestId the request
 * @param signature BLS signature, 96 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // Messages are carried, never compared.
public record BundleSigned(long requestId, byte[] signature) implements NodeMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public BundleSigned {
        MessageLimits.exact("signature", signature, MessageLimits.NODE_SIGNATURE_BYTES);
    }
}
