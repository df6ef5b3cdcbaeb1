/** Coverage-guided attacks on everything that reads foreign bytes. */
@NullMarked
package dev.moraine.proofs.fuzz;

import org.jspecify.annotations.NullMarked;
