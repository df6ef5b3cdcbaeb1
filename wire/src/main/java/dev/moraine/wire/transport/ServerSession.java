package dev.moraine.wire.transport;

import dev.moraine.wire.message.ClientMessage;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.Hello;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.message.Welcome;
import java.util.Arrays;

/** One connection that a server accepted. Lives on the event loop of its channel. */
final class ServerSession extends FrameSession {
    private final PeerServer server;
    private boolean isAdmitted;

    ServerSession(PeerServer server, Bounds bounds) {
        super(bounds, server.clock(), server.counters());
        this.server = server;
    }

    @Override
    void onConnected(FramedChannel channel) {
        isAdmitted = server.admit(channel);
        if (!isAdmitted) {
            refuse(TransportCounter.REFUSED_CONNECTIONS, FailureCode.OVER_LIMIT, "the node has too many connections");
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
        if (message instanceof ClientMessage && !(message instanceof Hello)) {
            server.handler().onMessage(from, message);
        } else {
            String text = message.getClass().getSimpleName() + " is not expected here";
            refuse(TransportCounter.UNEXPECTED, FailureCode.UNEXPECTED_MESSAGE, text);
        }
    }

    @Override
    void onWritable(FramedChannel channel) {
        server.handler().onWritable(channel);
    }

    @Override
    void onDisconnected(FramedChannel channel, boolean wasGreeted) {
        server.forget(channel, isAdmitted);
        if (wasGreeted) {
            server.handler().onClosed(channel);
        }
    }

    @Override
    boolean mustMove() {
        return true;
    }
}
