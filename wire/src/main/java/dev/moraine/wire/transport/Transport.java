package dev.moraine.wire.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/** The event loops, and all servers and connections on them. Thread-safe. */
public final class Transport implements AutoCloseable {
    private static final int MAX_THREADS = 1024;
    private static final int ACCEPT_BACKLOG = 1024;
    private static final int BIND_ATTEMPTS = 10;
    private static final long BIND_DELAY_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long CLOSE_LIMIT_NS = TimeUnit.SECONDS.toNanos(5);

    private final TransportKind kind;
    private final NanoClock clock;
    private final IoUringTuning tuning;
    private final EventLoopGroup loops;
    private final Set<PeerServer> servers = ConcurrentHashMap.newKeySet();
    private final Set<PeerConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private volatile IntFunction<ClientSecurity> securityByNode = _ -> ClientSecurity.plaintext();

    /**
     * Starts event loops.
     *
     * @param kind how to drive sockets; it must be available
     * @param threads how many event loops, from 1
     * @throws IllegalArgumentException if the thread count is out of range
     */
    public Transport(TransportKind kind, int threads) {
        this(kind, threads, SystemNanoClock.INSTANCE);
    }

    /**
     * Starts event loops.
     *
     * @param kind how to drive sockets; it must be available
     * @param threads how many event loops, from 1
     * @param clock measures how long connections take
     * @throws IllegalArgumentException if the thread count is out of range
     */
    public Transport(TransportKind kind, int threads, NanoClock clock) {
        this(kind, threads, clock, IoUringTuning.defaults());
    }

    /**
     * Starts event loops.
     *
     * @param kind how to drive sockets; it must be available
     * @param threads how many event loops, from 1
     * @param clock measures how long connections take
     * @param tuning how io_uring moves bytes, if that is the kind
     * @throws IllegalArgumentException if the thread count is out of range
     */
    public Transport(TransportKind kind, int threads, NanoClock clock, IoUringTuning tuning) {
        LimitCheck.range("threads", threads, 1, MAX_THREADS);
        this.kind = kind;
        this.clock = clock;
        this.tuning = tuning;
        this.loops = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("moraine-wire", true), kind.newHandlerFactory(tuning));
    }

    /**
     * How sockets are driven.
     *
     * @return the kind
     */
    public TransportKind kind() {
        return kind;
    }

    /**
     * Starts a server without protection on an address that only this machine reaches.
     *
     * @param address where to listen, a loopback address; port 0 finds a free one
     * @param identity what clients are greeted with
     * @param handler takes the messages
     * @param limits what clients are granted
     * @return the server, which accepts already
     * @throws BindFailedException if the address is in use, not one of this machine, or reached by others
     */
    public PeerServer listen(
            InetSocketAddress address, NodeIdentity identity, PeerServer.Handler handler, ServerLimits limits)
            throws BindFailedException {
        return listen(address, identity, handler, limits, ServerSecurity.plaintextOnLoopback());
    }

    /**
     * Starts a server.
     *
     * @param address where to listen; port 0 finds a free one
     * @param identity what clients are greeted with
     * @param handler takes the messages
     * @param limits what clients are granted
     * @param security how connections are protected
     * @return the server, which accepts already
     * @throws BindFailedException if the address is in use, not one of this machine, or reached by others while
     *     connections are not protected and that is not allowed
     */
    public PeerServer listen(
            InetSocketAddress address,
            NodeIdentity identity,
            PeerServer.Handler handler,
            ServerLimits limits,
            ServerSecurity security)
            throws BindFailedException {
        boolean isLocalOnly = security instanceof ServerSecurity.Plaintext(boolean isAllowedEverywhere)
                && !isAllowedEverywhere;
        if (isLocalOnly && !address.isUnresolved() && !address.getAddress().isLoopbackAddress()) {
            throw BindFailedException.plaintext(address);
        }
        PeerServer server = new PeerServer(identity, handler, limits, TlsContexts.of(security), clock);
        ServerBootstrap bootstrap = new ServerBootstrap();
        kind.configure(bootstrap, tuning);
        bootstrap
                .group(loops)
                .option(ChannelOption.SO_BACKLOG, ACCEPT_BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(server.newSession());
                    }
                });
        server.listening(bind(bootstrap, address));
        servers.add(server);
        return server;
    }

    private static Channel bind(ServerBootstrap bootstrap, InetSocketAddress address) throws BindFailedException {
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        for (int i = 1; i < BIND_ATTEMPTS && bound.cause() != null && BindFailedException.isInUse(bound.cause()); i++) {
            // A server of this process that was just closed holds its port until its event loop looks again.
            LockSupport.parkNanos(BIND_DELAY_NS);
            bound = bootstrap.bind(address).awaitUninterruptibly();
        }
        Throwable cause = bound.cause();
        if (cause != null) {
            throw new BindFailedException(address, cause);
        }
        return bound.channel();
    }

    /**
     * Sets how connections are protected for which nothing else is said: those that are prepared from now on.
     *
     * @param byNode tells it by the index of the node that is meant, or {@link PeerConnection#ANY_NODE}; until this is
     *     called, they are not protected
     */
    public void protect(IntFunction<ClientSecurity> byNode) {
        securityByNode = byNode;
    }

    /**
     * Prepares a connection with the default limits. Nothing is sent before the first request.
     *
     * @param address the node; if it is unresolved, it is looked up for every attempt to connect
     * @param deploymentId the deployment to which the node must belong, 32 bytes
     * @param expectedNodeIndex which node it must be, or {@link PeerConnection#ANY_NODE}
     * @return the connection
     */
    public PeerConnection connect(InetSocketAddress address, byte[] deploymentId, int expectedNodeIndex) {
        return connect(address, deploymentId, expectedNodeIndex, ConnectionLimits.defaults());
    }

    /**
     * Prepares a connection that is protected as {@link #protect} says. Nothing is sent before the first request.
     *
     * @param address the node; if it is unresolved, it is looked up for every attempt to connect
     * @param deploymentId the deployment to which the node must belong, 32 bytes
     * @param expectedNodeIndex which node it must be, or {@link PeerConnection#ANY_NODE}
     * @param limits what the client allows itself
     * @return the connection
     */
    public PeerConnection connect(
            InetSocketAddress address, byte[] deploymentId, int expectedNodeIndex, ConnectionLimits limits) {
        ClientSecurity security = securityByNode.apply(expectedNodeIndex);
        return connect(address, deploymentId, expectedNodeIndex, limits, security);
    }

    /**
     * Prepares a connection. Nothing is sent before the first request.
     *
     * @param address the node; if it is unresolved, it is looked up for every attempt to connect
     * @param deploymentId the deployment to which the node must belong, 32 bytes
     * @param expectedNodeIndex which node it must be, or {@link PeerConnection#ANY_NODE}
     * @param limits what the client allows itself
     * @param security how the connection is protected
     * @return the connection
     */
    public PeerConnection connect(
            InetSocketAddress address,
            byte[] deploymentId,
            int expectedNodeIndex,
            ConnectionLimits limits,
            ClientSecurity security) {
        boolean isAny = expectedNodeIndex == PeerConnection.ANY_NODE;
        NodeIdentity expected = new NodeIdentity(deploymentId, isAny ? 0 : expectedNodeIndex);
        Connector connector = new Connector(
                bootstrap -> kind.configure(bootstrap, tuning),
                address,
                expected,
                isAny,
                limits,
                TlsContexts.of(security));
        PeerConnection connection = new PeerConnection(connector, loops.next(), limits, clock);
        connections.add(connection);
        return connection;
    }

    /** Closes every server and connection, and the event loops, within bounded time. Not for an event loop. */
    @Override
    public void close() {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        List<CompletableFuture<?>> closing = new ArrayList<>();
        connections.forEach(connection -> closing.add(connection.startClosing()));
        servers.forEach(server -> closing.addAll(server.startClosing()));
        Closing.await(closing);
        loops.shutdownGracefully(0, CLOSE_LIMIT_NS, TimeUnit.NANOSECONDS)
                .awaitUninterruptibly(CLOSE_LIMIT_NS, TimeUnit.NANOSECONDS);
    }
}
