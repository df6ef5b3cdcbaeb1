/** JMH benchmarks, run by {@code ./moraine bench jmh} with JMH's own options. */
@NullMarked
package dev.moraine.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
