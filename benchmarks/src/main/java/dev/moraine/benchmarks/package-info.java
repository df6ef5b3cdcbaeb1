/** Where {@code ./moraine bench} begins. */
@NullMarked
package dev.moraine.benchmarks;

import org.jspecify.annotations.NullMarked;
