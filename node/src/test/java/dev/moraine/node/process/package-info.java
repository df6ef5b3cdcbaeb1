/** Processes as their configuration wants them. */
@NullMarked
package dev.moraine.node.process;

import org.jspecify.annotations.NullMarked;
