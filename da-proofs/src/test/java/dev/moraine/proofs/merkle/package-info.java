/** Trees, paths and range proofs against Certificate Transparency vectors and the recursive definition. */
@NullMarked
package dev.moraine.proofs.merkle;

import org.jspecify.annotations.NullMarked;
