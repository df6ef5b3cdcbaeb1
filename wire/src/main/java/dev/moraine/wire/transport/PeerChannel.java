package dev.moraine.wire.transport;

import dev.moraine.wire.message.Message;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** One open connection, to send to. Thread-safe; what one thread sends goes out in its order. */
public interface PeerChannel {
    /**
     * Sends a message. Its content is copied before the call returns.
     *
     * @param message any message
     * @return false if the connection is closed, or has its limit of unsent bytes; nothing is sent then. In the second
     *     case the handler is told when there is room again
     */
    boolean send(Message message);

    /**
     * Sends a message, and tells when it is gone. The data of a {@link dev.moraine.wire.message.SliverData} goes out
     * from where it lies, without a copy, if it is native memory of a shared, automatic or global arena; it must then
     * stay as it is until it is released. Other data (on the heap, of a confined arena, or a mapped file, so that no
     * event loop waits for the disk) is copied before the call returns.
     *
     * @param message any message
     * @param whenWritten called exactly once: after the message was handed to the operating system, or will never be.
     *     On the event loop, or, when the message is refused, on the calling thread before this method returns
     * @return as for {@link #send}
     */
    boolean sendThenRelease(Message message, Runnable whenWritten);

    /**
     * Bytes of frames that wait to be sent.
     *
     * @return in bytes
     */
    long outboundBytes();

    /**
     * Whether messages can be sent.
     *
     * @return false once the connection is closed or is being closed
     */
    boolean isOpen();

    /**
     * The other end.
     *
     * @return its address
     */
    SocketAddress remoteAddress();

    /** Refuses further messages, sends what waits, for a bounded time, and closes. Returns at once. */
    void close();

    /**
     * What {@link #attach} left.
     *
     * @return the object, or null if there is none
     */
    @Nullable Object attachment();

    /**
     * Keeps an object with the connection.
     *
     * @param attachment anything
     */
    void attach(@Nullable Object attachment);
}
