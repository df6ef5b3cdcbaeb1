package dev.moraine.wire.message;

import java.util.List;

/**
 * Asks for the certificates in a node's list from a place on. The node answers with {@link FeedAnswer} or
 * {@link Failure}: at once if there is an entry, else when one comes or the wait is over.
 *
 * @param requestId the request
 * @param namespaces the namespaces wanted, 32 bytes each, at most {@link MessageLimits#MAX_FEED_NAMESPACES}; none
 *     for all
 * @param feedId whose numbers the cursor counts in: from an earlier {@link FeedAnswer}, or 0
 * @param cursor the number of the next entry wanted; in another numbering than the node's it counts as 0
 * @param maxEntries most certificates in the answer, from 1 to {@link MessageLimits#MAX_FEED_ENTRIES}
 * @param waitMs how long the node may wait for an entry, at most {@link MessageLimits#MAX_WAIT_MS}
 */
public record GetFeed(
        long requestId,
        List<byte[]> namespaces,
        long feedId,
        long cursor,
        int maxEntries,
        int waitMs)
        implements ClientMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public GetFeed {
        MessageLimits.range("namespaces", namespaces.size(), 0, MessageLimits.MAX_FEED_NAMESPACES);
        namespaces.forEach(each -> MessageLimits.exact("namespaces", each, MessageLimits.HASH_BYTES));
        MessageLimits.range("cursor", cursor, 0, Long.MAX_VALUE);
        MessageLimits.range("maxEntries", maxEntries, 1, MessageLimits.MAX_FEED_ENTRIES);
        MessageLimits.range("waitMs", waitMs, 0, MessageLimits.MAX_WAIT_MS);
        namespaces = List.copyOf(namespaces);
    }
}
