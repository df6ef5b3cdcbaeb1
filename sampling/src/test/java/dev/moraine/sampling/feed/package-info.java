/** Tests of the feed. */
@NullMarked
package dev.moraine.sampling.feed;

import org.jspecify.annotations.NullMarked;
