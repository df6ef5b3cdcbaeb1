package dev.moraine.wire.message;

/**
 * An entry of a bundle that a node refuses.
 *
 * @param entry the index of the entry, below {@link MessageLimits#MAX_BUNDLE_ENTRIES}
 * @param reason why
 */
public record EntryRefusal(int entry, RefusalReason reason) {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public EntryRefusal {
        MessageLimits.range("entry", entry, 0, MessageLimits.MAX_BUNDLE_ENTRIES - 1);
    }
}
