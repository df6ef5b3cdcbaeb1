/** What benchmarks make of their numbers. */
@NullMarked
package dev.moraine.benchmarks.codec;

import org.jspecify.annotations.NullMarked;
