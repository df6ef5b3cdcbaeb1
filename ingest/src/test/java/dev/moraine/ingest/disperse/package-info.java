/** Properties of the dispersal, against scripted peers on real sockets. */
@NullMarked
package dev.moraine.ingest.disperse;

import org.jspecify.annotations.NullMarked;
