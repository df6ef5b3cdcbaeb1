package dev.moraine.wire.message;

/**
 * One message of the protocol: an immutable value. Arrays are not copied, neither in nor out, and must not be changed
 * while the message is in use.
 */
public sealed interface Message permits ClientMessage, NodeMessage {
    /** The request id of messages that belong to no request. */
    long NO_REQUEST = 0;

    /**
     * Which request of its connection the message belongs to; chosen by the client.
     *
     * @return the request id, or {@link #NO_REQUEST}
     */
    long requestId();
}
