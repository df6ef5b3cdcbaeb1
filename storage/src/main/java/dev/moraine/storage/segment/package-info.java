/** Append-only, preallocated segment files: their layout, the writer, and what is found in them after a crash. */
@NullMarked
package dev.moraine.storage.segment;

import org.jspecify.annotations.NullMarked;
