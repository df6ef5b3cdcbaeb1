/** Tests of the index on the disk. */
@NullMarked
package dev.moraine.storage.index;

import org.jspecify.annotations.NullMarked;
