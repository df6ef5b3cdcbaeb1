package dev.moraine.wire.transport;

import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.ClientMessage;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.Hello;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.message.Ping;
import dev.moraine.wire.message.Pong;
import dev.moraine.wire.message.SliverData;
import dev.moraine.wire.message.Welcome;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One connection that a server accepted. Lives on the event loop of its channel. */
final class ServerSession extends FrameSession implements OutboundMemory.Holder {
    private static final int RETRY_DELAY_MS = 100;

    private final PeerServer server;
    private final ServerLimits limits;
    private volatile PeerServer.@Nullable Place place;
    private @Nullable OpenRequests requests;

    ServerSession(PeerServer server, Bounds bounds) {
        super(bounds, server.clock(), server.counters(), server.memory(), server.tls());
        this.server = server;
        this.limits = server.limits();
    }

    @Override
    public Object address() {
        PeerServer.Place given = place;
        return given == null ? this : given.address().key();
    }

    @Override
    public long outboundBytes() {
        return channel().outboundBytes();
    }

    @Override
    public void evictOutbound() {
        executeUnlessClosing(() -> drop(TransportCounter.OUTBOUND_EVICTIONS));
    }

    @Override
    boolean reserveOutbound(long bytes) {
        return server.outbound().reserve(this, bytes);
    }

    @Override
    void releaseOutbound(long bytes) {
        server.outbound().release(bytes);
    }

    @Override
    void onConnected(FramedChannel channel) {
        PeerServer.Place found = server.admit(this);
        place = found;
        requests = new OpenRequests(
                limits.maxRequestsPerConnection(), limits.maxRequestsPerAddress(), found.address());
        switch (found.admission()) {
            case ADMITTED -> {}
            case SERVER_FULL -> refuse(
                    TransportCounter.REFUSED_CONNECTIONS,
                    FailureCode.OVER_LIMIT,
                    "the node has too many connections");
            case ADDRESS_FULL -> refuse(
                    TransportCounter.REFUSED_ADDRESSES,
                    FailureCode.OVER_LIMIT,
                    "the node has too many connections from this address");
        }
    }

    @Override
    void onGreeting(FramedChannel from, Message message) {
        if (!(message instanceof Hello hello)) {
            refuse(TransportCounter.REFUSED_HELLO, FailureCode.UNEXPECTED_MESSAGE, "the first message must be Hello");
            return;
        }
        NodeIdentity identity = server.identity();
        if (hello.protocolVersion() != MessageLimits.PROTOCOL_VERSION) {
            String text = "this node speaks version " + MessageLimits.PROTOCOL_VERSION;
            refuse(TransportCounter.REFUSED_HELLO, FailureCode.WRONG_VERSION, text);
        } else if (!Arrays.equals(hello.deploymentId(), identity.deploymentId())) {
            refuse(
                    TransportCounter.REFUSED_HELLO,
                    FailureCode.WRONG_DEPLOYMENT,
                    "this node belongs to another deployment");
        } else {
            open();
            from.send(new Welcome(MessageLimits.PROTOCOL_VERSION, identity.deploymentId(), identity.nodeIndex()));
            server.handler().onOpened(from);
        }
    }

    @Override
    void onMessage(FramedChannel from, Message message) {
        switch (message) {
            case Ping ping -> from.sendAside(new Pong(ping.token()));
            case SliverData data -> {
                requests().moved(data.requestId(), clock().nanoTime());
                server.handler().onMessage(from, data);
            }
            case ClientMessage request when !(request instanceof Hello) -> onRequest(from, request);
            default -> {
                String text = message.getClass().getSimpleName() + " is not expected here";
                refuse(TransportCounter.UNEXPECTED, FailureCode.UNEXPECTED_MESSAGE, text);
            }
        }
    }

    private void onRequest(FramedChannel from, ClientMessage request) {
        long id = request.requestId();
        if (id == Message.NO_REQUEST) {
            refuse(TransportCounter.UNEXPECTED, FailureCode.UNEXPECTED_MESSAGE, "a request must have an id");
            return;
        }
        switch (requests().open(id, clock().nanoTime())) {
            case TAKEN -> server.handler().onMessage(from, request);
            case TOO_MANY -> {
                counters().increment(TransportCounter.REFUSED_REQUESTS);
                from.sendAside(new Busy(id, RETRY_DELAY_MS));
            }
            case ID_IN_USE -> {
                counters().increment(TransportCounter.REUSED_IDS);
                from.sendAside(new Failure(id, FailureCode.UNEXPECTED_MESSAGE, "the request id is in use"));
            }
        }
    }

    @Override
    void onSent(long requestId, boolean isEnd) {
        if (requestId != Message.NO_REQUEST) {
            requests().answered(requestId, isEnd, clock().nanoTime());
        }
    }

    @Override
    void onTick(FramedChannel channel, long nowNs) {
        for (long requestId : requests().expire(limits.requestTimeoutNs(), nowNs)) {
            counters().increment(TransportCounter.REQUEST_TIMEOUTS);
            channel.sendAside(new Failure(requestId, FailureCode.OVER_LIMIT, "the node did not answer in time"));
        }
    }

    private OpenRequests requests() {
        if (requests == null) {
            throw new IllegalStateException("the connection was never established");
        }
        return requests;
    }

    @Override
    void onWritable(FramedChannel channel) {
        server.handler().onWritable(channel);
    }

    @Override
    void onDisconnected(FramedChannel channel, boolean wasGreeted) {
        PeerServer.Place given = place;
        if (given != null) {
            requests().clear();
            server.forget(this, given);
        }
        if (wasGreeted) {
            server.handler().onClosed(channel);
        }
    }

    @Override
    boolean mustMove() {
        return true;
    }
}
