package dev.moraine.wire.message;

import java.util.List;

/**
 * Ends a {@link GetFeed}.
 *
 * @param requestId the request
 * @param feedId names the numbering of the node's list; not 0. It changes when the node loses its list
 * @param nextCursor the number from which to go on: past every entry that was looked at, also those of other namespaces
 * @param blobCertificates at most {@link MessageLimits#MAX_FEED_ENTRIES}, each at most
 *     {@link MessageLimits#MAX_BLOB_CERTIFICATE_BYTES} long
 */
public record FeedAnswer(long requestId, long feedId, long nextCursor, List<byte[]> blobCertificates)
        implements NodeMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public FeedAnswer {
        if (feedId == 0) {
            throw new IllegalArgumentException("feedId must not be 0");
        }
        MessageLimits.range("nextCursor", nextCursor, 0, Long.MAX_VALUE);
        MessageLimits.range("blobCertificates", blobCertificates.size(), 0, MessageLimits.MAX_FEED_ENTRIES);
        blobCertificates.forEach(
                each -> MessageLimits.atMost("blobCertificates", each, MessageLimits.MAX_BLOB_CERTIFICATE_BYTES));
        blobCertificates = List.copyOf(blobCertificates);
    }
}
