package dev.moraine.node.client;

/**
 * What a gateway says of a blob. It is not verified: a certificate is, and can be fetched.
 *
 * @param status {@code CERTIFIED}, {@code PENDING} or {@code UNKNOWN}
 * @param expiryEpoch the last epoch in which it is kept, or 0 if it has no certificate
 */
public record ReportedStatus(String status, long expiryEpoch) {}
