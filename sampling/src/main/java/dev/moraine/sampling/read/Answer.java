package dev.moraine.sampling.read;

import java.util.Optional;

/**
 * What a committee answered to one question.
 *
 * @param value the answer, verified; empty if none came that verified before the deadline
 * @param blame who failed on the way
 * @param <T> what was asked for
 */
public record Answer<T>(Optional<T> value, BlameReport blame) {}
