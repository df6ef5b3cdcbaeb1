/** What is started: the storage node, the gateway, the command line and the demo. */
@NullMarked
package dev.moraine.node;

import org.jspecify.annotations.NullMarked;
