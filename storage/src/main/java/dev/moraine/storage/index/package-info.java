/** The index on the disk: LMDB behind the few native functions that are needed of it. */
@NullMarked
package dev.moraine.storage.index;

import org.jspecify.annotations.NullMarked;
