/** The gateway: takes batches, and gives certificates back. */
@NullMarked
package dev.moraine.node.gateway;

import org.jspecify.annotations.NullMarked;
