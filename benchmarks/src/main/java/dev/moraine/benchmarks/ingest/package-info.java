/** The write path: seven nodes and a gateway as processes, under load. */
@NullMarked
package dev.moraine.benchmarks.ingest;

import org.jspecify.annotations.NullMarked;
