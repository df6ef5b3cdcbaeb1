/** Properties of the read side, against committees that fail and lie. */
@NullMarked
package dev.moraine.sampling.read;

import org.jspecify.annotations.NullMarked;
