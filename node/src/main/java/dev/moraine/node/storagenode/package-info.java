/**
 * The storage node: admits bundles before their bodies come, verifies and stores what it was sent, and only then signs.
 */
@NullMarked
package dev.moraine.node.storagenode;

import org.jspecify.annotations.NullMarked;
