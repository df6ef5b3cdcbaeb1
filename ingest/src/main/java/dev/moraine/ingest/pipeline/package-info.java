/**
 * The gateway's write path: batches are admitted, encoded and committed to on a Disruptor ring, and leave it in
 * bundles.
 */
@NullMarked
package dev.moraine.ingest.pipeline;

import org.jspecify.annotations.NullMarked;
