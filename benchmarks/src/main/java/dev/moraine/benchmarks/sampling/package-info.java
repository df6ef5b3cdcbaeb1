/** The read side: symbols over the network, whole blobs, and what a light client spends. */
@NullMarked
package dev.moraine.benchmarks.sampling;

import org.jspecify.annotations.NullMarked;
