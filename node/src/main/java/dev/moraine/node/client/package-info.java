/** A client of a gateway and of the storage nodes behind it, which believes nothing that it can verify. */
@NullMarked
package dev.moraine.node.client;

import org.jspecify.annotations.NullMarked;
