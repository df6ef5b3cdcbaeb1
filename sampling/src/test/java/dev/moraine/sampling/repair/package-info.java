/** Tests of repair. */
@NullMarked
package dev.moraine.sampling.repair;

import org.jspecify.annotations.NullMarked;
