/** Damaging encodings at random, for the campaigns against verifiers. */
@NullMarked
package dev.moraine.proofs.mutation;

import org.jspecify.annotations.NullMarked;
