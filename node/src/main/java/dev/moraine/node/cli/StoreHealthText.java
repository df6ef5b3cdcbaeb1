package dev.moraine.node.cli;

import dev.moraine.storage.store.StoreHealth;

/**
 * How a store is, as it is printed.
 *
 * @param pairs sliver pairs
 * @param certificates certificates
 * @param bytes length of all records
 * @param quarantined damaged records and places
 * @param segments segment files
 */
record StoreHealthText(long pairs, long certificates, long bytes, long quarantined, int segments) {
    static StoreHealthText of(StoreHealth health) {
        return new StoreHealthText(
                health.pairs(), health.certificates(), health.bytes(), health.quarantined(), health.segments());
    }

    String text() {
        return segments + " segments, " + pairs + " sliver pairs, " + certificates + " certificates, " + bytes
                + " bytes of records, " + quarantined + " damaged";
    }
}
