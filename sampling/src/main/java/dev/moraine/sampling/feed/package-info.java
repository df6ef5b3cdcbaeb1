/** The list of certificates that every node offers, and how to follow it. */
@NullMarked
package dev.moraine.sampling.feed;

import org.jspecify.annotations.NullMarked;
