/**
 * The erasure code: committee geometry, systematic Reed-Solomon over GF(2⁸), and the two-dimensional blob matrix.
 *
 * <p>Everything here works on {@link java.lang.foreign.MemorySegment} slices that the caller owns and frees.
 */
@NullMarked
package dev.moraine.codec;

import org.jspecify.annotations.NullMarked;
