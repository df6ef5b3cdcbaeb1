package dev.moraine.wire.message;

/**
 * Ends a {@link CertificatePut}: the certificate survives a power cut.
 *
 * @param requestId the request
 */
public record CertificateKept(long requestId) implements NodeMessage {}
