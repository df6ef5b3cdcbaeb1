/** What runs as a process of its own: a storage node or a gateway, from its configuration to its orderly end. */
@NullMarked
package dev.moraine.node.process;

import org.jspecify.annotations.NullMarked;
