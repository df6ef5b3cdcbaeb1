package dev.moraine.wire.transport;

import dev.moraine.wire.message.Message;

/**
 * Takes what comes for one request. Everything is called on the event loop of the connection, one call at a time, and
 * must not block. The last call is either an {@link #onMessage} that ends the request, or {@link #onFailure}; after it
 * there is none.
 */
public interface ResponseHandler {
    /**
     * A message for the request came. If this throws, the connection is closed.
     *
     * @param message a {@link dev.moraine.wire.message.NodeMessage}; memory segments in it are valid only until this
     *     returns
     * @return true if this was the last message of the request. {@link dev.moraine.wire.message.Failure} and
     *     {@link dev.moraine.wire.message.Busy} end it whatever is returned
     */
    boolean onMessage(Message message);

    /**
     * No further message will come. If the event loops are closed already, this is called on the calling thread.
     *
     * @param reason why
     */
    void onFailure(RequestFailure reason);

    /** After a message of the connection was refused for the limit of unsent bytes, half of the limit is free again. */
    default void onWritable() {}
}
