/** Hashing, commitments, proofs and certificates against peers and against the bars that are set for them. */
@NullMarked
package dev.moraine.benchmarks.commit;

import org.jspecify.annotations.NullMarked;
