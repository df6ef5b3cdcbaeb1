package dev.moraine.wire.message;

import java.util.List;

/**
 * Ends a {@link BundleOffer}: the node signs nothing, because of these entries.
 *
 * @param requestId the request
 * @param refusals from 1 to {@link MessageLimits#MAX_BUNDLE_ENTRIES}, entries strictly ascending
 */
public record BundleRefused(long requestId, List<EntryRefusal> refusals) implements NodeMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public BundleRefused {
        MessageLimits.range("refusals", refusals.size(), 1, MessageLimits.MAX_BUNDLE_ENTRIES);
        int previous = -1;
        for (EntryRefusal refusal : refusals) {
            MessageLimits.range("refusals", refusal.entry(), previous + 1L, MessageLimits.MAX_BUNDLE_ENTRIES - 1);
            previous = refusal.entry();
        }
        refusals = List.copyOf(refusals);
    }
}
