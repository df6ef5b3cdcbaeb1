/** Properties of the demo and of its batches. */
@NullMarked
package dev.moraine.node.demo;

import org.jspecify.annotations.NullMarked;
