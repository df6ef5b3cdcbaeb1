package dev.moraine.wire.transport;

import dev.moraine.wire.message.Message;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections, greets, and hands messages over. Whatever a peer does wrong ends its own connection and is
 * counted. Thread-safe.
 */
public final class PeerServer implements AutoCloseable {
    /** What a server does with messages. Everything is called on event loops and must not block. */
    public interface Handler {
        /**
         * A client greeted well.
         *
         * @param channel its connection
         */
        default void onOpened(PeerChannel channel) {}

        /**
         * A message came. If this throws, the connection is closed.
         *
         * @param from its connection
         * @param message a {@link dev.moraine.wire.message.ClientMessage}, never a
         *     {@link dev.moraine.wire.message.Hello}; memory segments in it are valid only until this returns
         */
        void onMessage(PeerChannel from, Message message);

        /**
         * After a message was refused for the limit of unsent bytes, half of the limit is free again.
         *
         * @param channel the connection
         */
        default void onWritable(PeerChannel channel) {}

        /**
         * A connection of which {@link #onOpened} told is closed.
         *
         * @param channel the connection, which refuses everything now
         */
        default void onClosed(PeerChannel channel) {}
    }

    /** Whether there is a place for a connection. */
    enum Admission {
        /** There is. */
        ADMITTED,
        /** The server has as many connections as it may have. */
        SERVER_FULL,
        /** The address has as many connections as it may have. */
        ADDRESS_FULL
    }

    /**
     * What a connection was given.
     *
     * @param admission whether it may stay
     * @param address what its address uses
     */
    record Place(Admission admission, AddressBook.Use address) {}

    private final NodeIdentity identity;
    private final Handler handler;
    private final ServerLimits limits;
    private final @Nullable SslContext tls;
    private final NanoClock clock;
    private final TransportCounters counters = new TransportCounters();
    private final Set<ServerSession> connections = ConcurrentHashMap.newKeySet();
    private final AddressBook addresses;
    private final InboundMemory memory;
    private final OutboundMemory outbound;
    private final AtomicInteger admittedCount = new AtomicInteger();
    private volatile boolean isClosed;
    private volatile Channel listening;

    /** Prepares a server; the transport binds it and calls {@link #listening}. */
    @SuppressWarnings("NullAway.Init") // The transport gives a server away only once it is listening.
    PeerServer(
            NodeIdentity identity,
            Handler handler,
            ServerLimits limits,
            @Nullable SslContext tls,
            NanoClock clock) {
        this.identity = identity;
        this.handler = handler;
        this.limits = limits;
        this.tls = tls;
        this.addresses = new AddressBook(limits.maxConnectionsPerAddress());
        this.memory = new InboundMemory(limits.maxInboundBytes());
        this.outbound = new OutboundMemory(limits.maxTotalOutboundBytes(), () -> connections);
        this.clock = clock;
    }

    /**
     * Where the server listens.
     *
     * @return the address, with the port that was found if it was asked for port 0
     */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    /**
     * Connections that are open now, greeted or not, without those that are being turned away.
     *
     * @return their number
     */
    public int connectionCount() {
        return admittedCount.get();
    }

    /**
     * Memory in which frames are put together that have not come whole.
     *
     * @return in bytes
     */
    public long inboundBytes() {
        return memory.usedBytes();
    }

    /**
     * Bytes of frames that wait in all connections to be sent.
     *
     * @return in bytes
     */
    public long outboundBytes() {
        return outbound.usedBytes();
    }

    /**
     * What was counted.
     *
     * @return the live counters
     */
    public TransportCounters counters() {
        return counters;
    }

    /**
     * Stops accepting, sends what waits, and closes every connection, within a few seconds. On an event loop it does
     * not wait for the end.
     */
    @Override
    public void close() {
        List<CompletableFuture<?>> closing = startClosing();
        if (!listening.eventLoop().inEventLoop()) {
            Closing.await(closing);
        }
    }

    /** Begins to close, and tells what to wait for. */
    List<CompletableFuture<?>> startClosing() {
        isClosed = true;
        List<CompletableFuture<?>> closing = new ArrayList<>();
        if (listening.isOpen()) {
            CompletableFuture<@Nullable Void> unbound = new CompletableFuture<>();
            listening.close().addListener(_ -> unbound.complete(null));
            closing.add(unbound);
        }
        for (ServerSession session : connections) {
            closing.add(session.channel().whenDisconnected());
            session.channel().close();
        }
        return closing;
    }

    void listening(Channel channel) {
        listening = channel;
    }

    ServerSession newSession() {
        return new ServerSession(
                this,
                new FrameSession.Bounds(
                        limits.maxOutboundBytes(),
                        limits.handshakeTimeoutNs(),
                        limits.frameTimeoutNs(),
                        limits.idleTimeoutNs()));
    }

    /** Takes a connection in, and tells whether there is a place for it. {@link #forget} must follow in either case. */
    Place admit(ServerSession session) {
        FramedChannel channel = session.channel();
        connections.add(session);
        AddressBook.Use address = addresses.enter(channel.remoteAddress());
        Admission admission = addresses.isOverLimit(address) ? Admission.ADDRESS_FULL : Admission.ADMITTED;
        if (admission == Admission.ADMITTED && admittedCount.incrementAndGet() > limits.maxConnections()) {
            admittedCount.decrementAndGet();
            admission = Admission.SERVER_FULL;
        }
        // Those that are turned away get a word of why, but only as many at a time as may be let in.
        if (isClosed || connections.size() > 2 * limits.maxConnections()) {
            channel.abort();
        }
        return new Place(admission, address);
    }

    void forget(ServerSession session, Place place) {
        connections.remove(session);
        addresses.leave(place.address());
        if (place.admission() == Admission.ADMITTED) {
            admittedCount.decrementAndGet();
        }
    }

    OutboundMemory outbound() {
        return outbound;
    }

    InboundMemory memory() {
        return memory;
    }

    @Nullable SslContext tls() {
        return tls;
    }

    ServerLimits limits() {
        return limits;
    }

    NodeIdentity identity() {
        return identity;
    }

    Handler handler() {
        return handler;
    }

    NanoClock clock() {
        return clock;
    }
}
