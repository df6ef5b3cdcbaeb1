/** SHA-256 against published vectors, and the value types around it. */
@NullMarked
package dev.moraine.proofs.hash;

import org.jspecify.annotations.NullMarked;
