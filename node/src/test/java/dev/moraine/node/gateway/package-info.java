/** The gateway in front of storage nodes that really store. */
@NullMarked
package dev.moraine.node.gateway;

import org.jspecify.annotations.NullMarked;
