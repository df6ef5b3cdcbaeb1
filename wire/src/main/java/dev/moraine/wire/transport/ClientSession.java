package dev.moraine.wire.transport;

import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.Hello;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.message.NodeMessage;
import dev.moraine.wire.message.Ping;
import dev.moraine.wire.message.Pong;
import dev.moraine.wire.message.Welcome;
import io.netty.handler.ssl.SslContext;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One established connection of a {@link PeerConnection}. Lives on the event loop of its channel. */
final class ClientSession extends FrameSession {
    private final PeerConnection connection;
    private final NodeIdentity expected;
    private final boolean isAnyNodeExpected;
    private final long keepAliveNs;
    private long pings;
    private boolean isPinging;

    /** The node index counts only if not any node will do. */
    ClientSession(
            PeerConnection connection,
            NodeIdentity expected,
            boolean isAnyNodeExpected,
            long keepAliveNs,
            @Nullable SslContext tls,
            Bounds bounds) {
        super(bounds, connection.clock(), connection.counters(), InboundMemory.unlimited(), tls);
        this.keepAliveNs = keepAliveNs;
        this.connection = connection;
        this.expected = expected;
        this.isAnyNodeExpected = isAnyNodeExpected;
    }

    @Override
    void onConnected(FramedChannel channel) {
        connection.onConnected(this);
        channel.send(new Hello(MessageLimits.PROTOCOL_VERSION, expected.deploymentId()));
    }

    @Override
    void onGreeting(FramedChannel from, Message message) {
        switch (message) {
            case Welcome welcome -> onWelcome(welcome);
            case Failure failure -> {
                connection.onRejected(this, "it refuses: " + failure.code() + ", " + failure.text());
                drop(TransportCounter.REFUSED_HELLO);
            }
            default -> {
                connection.onRejected(this, "its first message is not Welcome");
                refuse(TransportCounter.REFUSED_HELLO, FailureCode.UNEXPECTED_MESSAGE, "Welcome is expected first");
            }
        }
    }

    @Override
    void onMessage(FramedChannel from, Message message) {
        if (message instanceof Pong pong) {
            isPinging &= pong.token() != pings;
            connection.onSignOfLife();
        } else if (message instanceof Failure failure && failure.requestId() == Message.NO_REQUEST) {
            connection.onProblem("it closes the connection: " + failure.code() + ", " + failure.text());
            drop(TransportCounter.IO_FAILURES);
        } else if (message instanceof NodeMessage && !(message instanceof Welcome)) {
            connection.onAnswer(this, message);
        } else {
            String text = message.getClass().getSimpleName() + " is not expected here";
            refuse(TransportCounter.UNEXPECTED, FailureCode.UNEXPECTED_MESSAGE, text);
        }
    }

    @Override
    void onWritable(FramedChannel channel) {
        connection.onWritable();
    }

    @Override
    void onDisconnected(FramedChannel channel, boolean wasGreeted) {
        connection.onDisconnected(this);
    }

    @Override
    void onTick(FramedChannel channel, long nowNs) {
        if (!isPinging && nowNs - lastReadNs() > keepAliveNs) {
            isPinging = true;
            pings++;
            counters().increment(TransportCounter.PINGS);
            touch();
            channel.sendAside(new Ping(pings));
        }
    }

    @Override
    void onTlsFailed(String problem, boolean isGreeting) {
        if (isGreeting) {
            connection.onRejected(this, problem);
        } else {
            connection.onProblem(problem);
        }
    }

    @Override
    boolean mustMove() {
        return isPinging || connection.requestsInFlight() > 0;
    }

    @Override
    public Object address() {
        return this;
    }

    private void onWelcome(Welcome welcome) {
        if (welcome.protocolVersion() != MessageLimits.PROTOCOL_VERSION) {
            reject(FailureCode.WRONG_VERSION, "it speaks version " + welcome.protocolVersion());
        } else if (!Arrays.equals(welcome.deploymentId(), expected.deploymentId())) {
            reject(FailureCode.WRONG_DEPLOYMENT, "it belongs to another deployment");
        } else if (!isAnyNodeExpected && welcome.nodeIndex() != expected.nodeIndex()) {
            reject(
                    FailureCode.UNEXPECTED_MESSAGE,
                    "it is node " + welcome.nodeIndex() + ", not " + expected.nodeIndex());
        } else {
            open();
            connection.onWelcomed(this);
        }
    }

    private void reject(FailureCode code, String problem) {
        connection.onRejected(this, problem);
        refuse(TransportCounter.REFUSED_HELLO, code, problem);
    }
}
