package dev.moraine.sampling.light;

import dev.moraine.wire.message.Coordinate;

/**
 * One sample and what became of it.
 *
 * @param coordinate the symbol that was drawn
 * @param answer how it was answered
 * @param latencyNs nanoseconds from the first request of the sampling to the answer; {@link #NO_LATENCY} without one
 */
public record Sample(Coordinate coordinate, SampleAnswer answer, long latencyNs) {
    /** The latency of a sample that was not answered. */
    public static final long NO_LATENCY = -1;
}
