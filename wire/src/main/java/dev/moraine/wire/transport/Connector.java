package dev.moraine.wire.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to one address. An unresolved address is looked up anew for every attempt, on a thread of its own
 * since a look-up blocks. Immutable.
 */
final class Connector {
    private final Consumer<Bootstrap> configuration;
    private final InetSocketAddress address;
    private final NodeIdentity expected;
    private final boolean isAnyNodeExpected;
    private final ConnectionLimits limits;
    private final @Nullable SslContext tls;

    Connector(
            Consumer<Bootstrap> configuration,
            InetSocketAddress address,
            NodeIdentity expected,
            boolean isAnyNodeExpected,
            ConnectionLimits limits,
            @Nullable SslContext tls) {
        this.configuration = configuration;
        this.address = address;
        this.expected = expected;
        this.isAnyNodeExpected = isAnyNodeExpected;
        this.limits = limits;
        this.tls = tls;
    }

    InetSocketAddress address() {
        return address;
    }

    /** Host and port, for people. */
    String describe() {
        return address.getHostString() + ":" + address.getPort();
    }

    /** Starts one attempt, whose outcome the connection is told on the event loop. For the event loop. */
    void connect(PeerConnection connection, EventLoop loop) {
        if (!address.isUnresolved()) {
            open(connection, loop, address);
            return;
        }
        Thread.ofVirtual().name("moraine-resolve").start(() -> {
            InetSocketAddress resolved = new InetSocketAddress(address.getHostString(), address.getPort());
            try {
                loop.execute(() -> {
                    if (resolved.isUnresolved()) {
                        connection.onConnectFailed("host name is unknown");
                    } else {
                        open(connection, loop, resolved);
                    }
                });
            } catch (RejectedExecutionException e) {
                // The transport was closed in the meantime, and with it whoever would want to know.
            }
        });
    }

    private void open(PeerConnection connection, EventLoop loop, InetSocketAddress resolved) {
        ClientSession session = new ClientSession(
                connection,
                expected,
                isAnyNodeExpected,
                limits.keepAliveNs(),
                tls,
                new FrameSession.Bounds(
                        limits.maxOutboundBytes(),
                        limits.handshakeTimeoutNs(),
                        limits.frameTimeoutNs(),
                        limits.silenceTimeoutNs()));
        Bootstrap bootstrap = new Bootstrap();
        configuration.accept(bootstrap);
        bootstrap.group(loop)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        (int) TimeUnit.NANOSECONDS.toMillis(limits.connectTimeoutNs()))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(session);
                    }
                })
                .connect(resolved)
                .addListener(future -> {
                    Throwable cause = future.cause();
                    if (cause != null) {
                        connection.onConnectFailed("cannot connect: " + firstLine(cause));
                    }
                });
    }

    private static String firstLine(Throwable cause) {
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return message.lines().findFirst().orElse("");
    }
}
