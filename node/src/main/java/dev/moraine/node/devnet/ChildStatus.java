package dev.moraine.node.devnet;

import org.jspecify.annotations.Nullable;

/**
 * How a process of a devnet is. Immutable.
 *
 * @param name node-0 and so on, or gateway
 * @param state what it is at
 * @param pid its process id, that of the last one if it has ended
 * @param exitStatus with which status it ended, or null if it has not
 */
public record ChildStatus(String name, ChildState state, long pid, @Nullable Integer exitStatus) {}
