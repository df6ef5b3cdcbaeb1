/**
 * The read side: metadata, slivers, symbols and chunks from the members of a committee, whole blobs, and ranges with
 * proofs.
 *
 * <p>Every answer is hostile until it is verified; who answered wrongly, or not at all, is part of every result.
 */
@NullMarked
package dev.moraine.sampling.read;

import org.jspecify.annotations.NullMarked;
