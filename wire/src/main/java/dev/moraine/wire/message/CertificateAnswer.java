package dev.moraine.wire.message;

/**
 * Ends a {@link GetCertificate}.
 *
 * @param requestId the request
 * @param blobCertificate at most {@link MessageLimits#MAX_BLOB_CERTIFICATE_BYTES}
 */
@SuppressWarnings("ArrayRecordComponent") // Messages are carried, never compared.
public record CertificateAnswer(long requestId, byte[] blobCertificate) implements NodeMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public CertificateAnswer {
        MessageLimits.atMost("blobCertificate", blobCertificate, MessageLimits.MAX_BLOB_CERTIFICATE_BYTES);
    }
}
