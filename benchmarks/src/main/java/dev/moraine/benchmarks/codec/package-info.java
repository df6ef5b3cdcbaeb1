/** The erasure coder against itself, the memory and other people's coders. */
@NullMarked
package dev.moraine.benchmarks.codec;

import org.jspecify.annotations.NullMarked;
