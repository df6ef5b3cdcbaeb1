/** Tests of networks of processes. */
@NullMarked
package dev.moraine.node.devnet;

import org.jspecify.annotations.NullMarked;
