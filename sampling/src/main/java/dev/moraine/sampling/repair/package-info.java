/** Rebuilding what a node lacks, and learning from other nodes what that is. */
@NullMarked
package dev.moraine.sampling.repair;

import org.jspecify.annotations.NullMarked;
