/** The light client: samples symbols of a certified blob and says how sure it is that the blob can be had. */
@NullMarked
package dev.moraine.sampling.light;

import org.jspecify.annotations.NullMarked;
