/** How fast messages get from one end of a connection to the other, by each kind of transport. */
@NullMarked
package dev.moraine.benchmarks.wire;

import org.jspecify.annotations.NullMarked;
