/** Tests of the HTTP interfaces, over storage nodes that really store. */
@NullMarked
package dev.moraine.node.http.door;

import org.jspecify.annotations.NullMarked;
