package dev.moraine.storage.store;

/** What the store has of a sliver pair. */
public sealed interface PairLookup {
    /**
     * The pair, checked.
     *
     * @param pair the pair; whoever asked must release it
     */
    record Found(StoredPair pair) implements PairLookup {}

    /** The pair was never stored. */
    record NotHeld() implements PairLookup {}

    /**
     * The pair was stored, but its record is damaged or cannot be read. It is not served; a repaired one can be
     * appended.
     */
    record Quarantined() implements PairLookup {}
}
