/**
 * Connections between clients and storage nodes: framing, handshake, limits and time-outs, over io_uring, epoll or NIO.
 */
@NullMarked
package dev.moraine.wire.transport;

import org.jspecify.annotations.NullMarked;
