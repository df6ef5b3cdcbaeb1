package dev.moraine.wire.message;

import java.util.List;

/**
 * Which bodies of an offered bundle the node still lacks: the credit to send them.
 *
 * @param requestId the request
 * @param wantedEntries entry indices, strictly ascending, at most {@link MessageLimits#MAX_BUNDLE_ENTRIES}; may be
 *     empty
 */
public record BundleGrant(long requestId, List<Integer> wantedEntries) implements NodeMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public BundleGrant {
        int previous = -1;
        for (int entry : wantedEntries) {
            MessageLimits.range("wantedEntries", entry, previous + 1L, MessageLimits.MAX_BUNDLE_ENTRIES - 1);
            previous = entry;
        }
        wantedEntries = List.copyOf(wantedEntries);
    }
}
