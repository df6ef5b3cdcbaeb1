/** A committee on real sockets whose members answer from memory, as they are told to: honestly or not. */
@NullMarked
package dev.moraine.sampling.scripted;

import org.jspecify.annotations.NullMarked;
