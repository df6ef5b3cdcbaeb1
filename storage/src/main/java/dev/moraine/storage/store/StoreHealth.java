package dev.moraine.storage.store;

/**
 * How a store is, at one moment.
 *
 * @param state whether it can be written
 * @param pairs sliver pairs that it holds, quarantined ones not counted
 * @param certificates certificates that it holds
 * @param bytes length of all records that were whole when they were last looked at
 * @param quarantined damaged records and places found since the store was opened, or while it was; they are never
 *     served
 * @param segments segment files
 */
public record StoreHealth(State state, long pairs, long certificates, long bytes, long quarantined, int segments) {
    /** Whether a store can be written. */
    public enum State {
        /** It can be read and written. */
        OK,
        /** A write or a sync has failed: it can be read only, until the process is started again on a good disk. */
        DISK_FAILED
    }
}
