/** Arithmetic of GF(2⁸) in the basis that the code is defined in. */
@NullMarked
package dev.moraine.codec.field;

import org.jspecify.annotations.NullMarked;
