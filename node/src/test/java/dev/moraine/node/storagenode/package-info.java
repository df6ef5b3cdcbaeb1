/** Tests of the storage node, over real sockets, with a real store and real signatures. */
@NullMarked
package dev.moraine.node.storagenode;

import org.jspecify.annotations.NullMarked;
