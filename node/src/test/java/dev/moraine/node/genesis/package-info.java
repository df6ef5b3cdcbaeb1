/** Tests of the genesis file. */
@NullMarked
package dev.moraine.node.genesis;

import org.jspecify.annotations.NullMarked;
