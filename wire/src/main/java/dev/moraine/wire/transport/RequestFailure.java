package dev.moraine.wire.transport;

/** Why a request got no answer. What the node itself answers, refusals included, is a message and not one of these. */
public enum RequestFailure {
    /** The deadline passed. */
    TIMED_OUT,
    /** The connection broke while the request was on its way; the node may have acted on it. */
    DISCONNECTED,
    /** The node could not be reached lately, and the next attempt to connect is not due yet. */
    UNREACHABLE,
    /** The node, or this client, refused the greeting: wrong version, deployment or node. */
    REJECTED,
    /** Too many requests in flight, or too many bytes waiting to be sent. */
    OVER_LIMIT,
    /** The caller cancelled. */
    CANCELLED,
    /** The connection was closed on this side. */
    CLOSED
}
