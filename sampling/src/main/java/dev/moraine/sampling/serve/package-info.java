/** Answering from the store: metadata, certificates, slivers, and symbols and chunks with their proofs. */
@NullMarked
package dev.moraine.sampling.serve;

import org.jspecify.annotations.NullMarked;
