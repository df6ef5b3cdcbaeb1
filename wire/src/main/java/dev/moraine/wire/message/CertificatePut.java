package dev.moraine.wire.message;

import java.util.List;

/**
 * Hands a certificate over for keeping. The node answers with {@link CertificateKept} or {@link Failure}.
 *
 * @param requestId the request
 * @param certificate at most {@link MessageLimits#MAX_CERTIFICATE_BYTES}
 * @param entries the bundle, from 1 to {@link MessageLimits#MAX_BUNDLE_ENTRIES} entries
 */
@SuppressWarnings("ArrayRecordComponent") // Messages are carried, never compared.
public record CertificatePut(long requestId, byte[] certificate, List<WireEntry> entries) implements ClientMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public CertificatePut {
        MessageLimits.atMost("certificate", certificate, MessageLimits.MAX_CERTIFICATE_BYTES);
        MessageLimits.range("entries", entries.size(), 1, MessageLimits.MAX_BUNDLE_ENTRIES);
        entries = List.copyOf(entries);
    }
}
