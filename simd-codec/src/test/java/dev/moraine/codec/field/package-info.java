/** The field against arithmetic on polynomials. */
@NullMarked
package dev.moraine.codec.field;

import org.jspecify.annotations.NullMarked;
