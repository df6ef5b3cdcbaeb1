package dev.moraine.storage.segment;

/**
 * A part of a segment that was whole once and is not any more. It is left as it is, and never served.
 *
 * @param file the full path of the segment file
 * @param offset where the damage begins, in bytes
 * @param lengthBytes how far it may reach
 */
public record DamagedRange(String file, long offset, long lengthBytes) {}
