/** Properties of the write path. */
@NullMarked
package dev.moraine.ingest.pipeline;

import org.jspecify.annotations.NullMarked;
