/** A committee of storage nodes on real sockets that behave as a test tells them. */
@NullMarked
package dev.moraine.ingest.peers;

import org.jspecify.annotations.NullMarked;
