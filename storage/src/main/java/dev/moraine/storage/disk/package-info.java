/** The seam between the store and the file system: few operations, each of which a test can make fail or forget. */
@NullMarked
package dev.moraine.storage.disk;

import org.jspecify.annotations.NullMarked;
