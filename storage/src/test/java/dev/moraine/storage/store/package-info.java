/** Tests of the sliver store, also under crashes, failing disks and damage. */
@NullMarked
package dev.moraine.storage.store;

import org.jspecify.annotations.NullMarked;
