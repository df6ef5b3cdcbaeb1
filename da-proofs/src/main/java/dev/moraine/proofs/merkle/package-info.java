/** Merkle trees of the RFC 9162 shape, and the paths and range proofs under their roots. */
@NullMarked
package dev.moraine.proofs.merkle;

import org.jspecify.annotations.NullMarked;
