/** The sliver store: sliver pairs, certificates and expiries that survive crashes, power cuts and failing disks. */
@NullMarked
package dev.moraine.storage.store;

import org.jspecify.annotations.NullMarked;
