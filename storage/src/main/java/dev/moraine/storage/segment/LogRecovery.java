package dev.moraine.storage.segment;

import java.util.List;

/**
 * What the opening of a store found. With an index on the disk only the segments behind its last checkpoint are read.
 *
 * @param segments how many segments there are
 * @param records how many whole records there are in those that were read, bookkeeping not counted
 * @param tornRecords how many records of the last, unfinished batch a crash had torn; at least so many
 * @param damagedRanges how many places of those that were read hold something that was whole once and is not any more
 * @param firstDamage the first {@value #MAX_REPORTED_RANGES} of those places
 */
public record LogRecovery(
        int segments, long records, long tornRecords, long damagedRanges, List<DamagedRange> firstDamage) {
    /** How many damaged places are named; the others are only counted. */
    public static final int MAX_REPORTED_RANGES = 1_000;

    /** Keeps the list from being changed. */
    public LogRecovery {
        firstDamage = List.copyOf(firstDamage);
    }
}
