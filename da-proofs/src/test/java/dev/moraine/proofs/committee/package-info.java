/** Tests of committees, epochs and shard assignment. */
@NullMarked
package dev.moraine.proofs.committee;

import org.jspecify.annotations.NullMarked;
