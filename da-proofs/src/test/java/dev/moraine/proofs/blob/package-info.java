/** Commitments against vectors, and against a second implementation written from the text of the protocol. */
@NullMarked
package dev.moraine.proofs.blob;

import org.jspecify.annotations.NullMarked;
