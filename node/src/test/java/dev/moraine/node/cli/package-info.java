/** What a user of the command line relies on. */
@NullMarked
package dev.moraine.node.cli;

import org.jspecify.annotations.NullMarked;
