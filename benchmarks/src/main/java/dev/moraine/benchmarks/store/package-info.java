/** {@code ./moraine bench store}: the sliver store beside the disk's own speed and RocksDB. */
@NullMarked
package dev.moraine.benchmarks.store;

import org.jspecify.annotations.NullMarked;
