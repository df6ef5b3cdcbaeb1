/** Tests of the segment files. */
@NullMarked
package dev.moraine.storage.segment;

import org.jspecify.annotations.NullMarked;
