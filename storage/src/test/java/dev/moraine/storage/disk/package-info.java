/** A disk that forgets, tears and fails on demand. */
@NullMarked
package dev.moraine.storage.disk;

import org.jspecify.annotations.NullMarked;
