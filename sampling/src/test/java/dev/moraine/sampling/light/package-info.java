/** Properties of the light client. */
@NullMarked
package dev.moraine.sampling.light;

import org.jspecify.annotations.NullMarked;
