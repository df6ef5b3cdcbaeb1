/** Every proof against every way to change it: none is accepted, none makes a verifier throw. */
@NullMarked
package dev.moraine.proofs.proof;

import org.jspecify.annotations.NullMarked;
