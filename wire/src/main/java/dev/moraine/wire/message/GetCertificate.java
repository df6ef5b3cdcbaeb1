package dev.moraine.wire.message;

/**
 * Asks for the certificate of a blob. The node answers with {@link CertificateAnswer} or {@link Failure}.
 *
 * @param requestId the request
 * @param blobId 32 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // Messages are carried, never compared.
public record GetCertificate(long requestId, byte[] blobId) implements ClientMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public GetCertificate {
        MessageLimits.exact("blobId", blobId, MessageLimits.HASH_BYTES);
    }
}
