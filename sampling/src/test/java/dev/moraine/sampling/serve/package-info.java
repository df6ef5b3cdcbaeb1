/** Tests of answering from the store. */
@NullMarked
package dev.moraine.sampling.serve;

import org.jspecify.annotations.NullMarked;
