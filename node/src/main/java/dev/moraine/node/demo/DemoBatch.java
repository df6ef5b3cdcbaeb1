package dev.moraine.node.demo;

import java.lang.foreign.MemorySegment;

/**
 * A batch to post.
 *
 * @param name what to call it
 * @param content its bytes, readable by any thread while the demo runs
 */
public record DemoBatch(String name, MemorySegment content) {}
