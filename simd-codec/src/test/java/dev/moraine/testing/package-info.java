/** What the tests of every module share: seeds that can be replayed, and data from outside the project. */
@NullMarked
package dev.moraine.testing;

import org.jspecify.annotations.NullMarked;
