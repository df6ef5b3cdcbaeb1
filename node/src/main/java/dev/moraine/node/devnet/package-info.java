/** A whole network on one machine: every node and the gateway in a process of its own, watched and ended together. */
@NullMarked
package dev.moraine.node.devnet;

import org.jspecify.annotations.NullMarked;
