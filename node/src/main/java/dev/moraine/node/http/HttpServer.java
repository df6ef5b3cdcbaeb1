package dev.moraine.node.http;

import dev.moraine.wire.transport.BindFailedException;
import dev.moraine.wire.transport.TransportKind;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server. Connections, header and body lengths, memory for bodies, requests in a row and the time that
 * everything may take are limited; a client beyond a limit is told which one, and others do not notice. Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for a channel that is turned away.
public final class HttpServer implements AutoCloseable {
    private static final int ACCEPT_BACKLOG = 1024;
    private static final int MIN_RECEIVE_BYTES = 2048;
    private static final int FIRST_RECEIVE_BYTES = 16 << 10;
    private static final int MAX_RECEIVE_BYTES = 128 << 10;

    /** Connections that are being told at a time that there are too many. */
    private static final int MAX_REFUSALS_AT_A_TIME = 256;

    private static final long CLOSE_LIMIT_NS = TimeUnit.SECONDS.toNanos(5);

    private final HttpLimits limits;
    private final HttpRoutes routes;
    private final NanoClock clock;
    private final HttpCounters counters = new HttpCounters();
    private final BodyMemory bodyMemory;
    private final ConnectionGate gate;
    private final AtomicInteger refusals = new AtomicInteger();
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final EventLoopGroup loops;
    private final Channel listening;

    private HttpServer(Context context, HttpRoutes routes) throws BindFailedException {
        this.limits = context.limits;
        this.routes = routes;
        this.clock = context.clock;
        this.bodyMemory = new BodyMemory(limits.bodyMemoryBytes(), counters.bodyGauge());
        this.gate = new ConnectionGate(limits, counters);
        this.loops = new MultiThreadIoEventLoopGroup(
                context.threads, new DefaultThreadFactory("moraine-http", true), context.kind.newHandlerFactory());
        ChannelFuture bound = bootstrap(context.kind).bind(context.address).awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            loops.shutdownGracefully(0, CLOSE_LIMIT_NS, TimeUnit.NANOSECONDS);
            throw new BindFailedException(context.address, cause);
        }
        this.listening = bound.channel();
    }

    /**
     * Starts a server.
     *
     * @param context where, and within which limits
     * @param routes what it answers
     * @return the server, which accepts already
     * @throws BindFailedException if the address is in use or not one of this machine
     * @throws IllegalArgumentException if a value of the context is out of its range
     */
    public static HttpServer open(Context context, HttpRoutes routes) throws BindFailedException {
        return new HttpServer(context.conclude(), routes);
    }

    private ServerBootstrap bootstrap(TransportKind kind) {
        ServerBootstrap bootstrap = new ServerBootstrap();
        kind.configure(bootstrap);
        return bootstrap
                .group(loops)
                .option(ChannelOption.SO_BACKLOG, ACCEPT_BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(MIN_RECEIVE_BYTES, FIRST_RECEIVE_BYTES, MAX_RECEIVE_BYTES)
                                .maxMessagesPerRead(1))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        welcome(channel);
                    }
                });
    }

    private void welcome(Channel channel) {
        HttpProblem problem = gate.enter(channel.remoteAddress());
        if (problem != null) {
            turnAway(channel, problem);
            return;
        }
        channel.closeFuture().addListener(_ -> gate.leave(channel.remoteAddress()));
        channels.add(channel);
        HttpSession session = new HttpSession(this);
        channel.pipeline()
                .addLast(new ByteTap(session))
                .addLast(new StrictRequestDecoder(limits))
                .addLast(new HttpResponseEncoder())
                .addLast(session);
    }

    private void turnAway(Channel channel, HttpProblem problem) {
        if (refusals.incrementAndGet() > MAX_REFUSALS_AT_A_TIME) {
            refusals.decrementAndGet();
            channel.close();
            return;
        }
        channel.closeFuture().addListener(_ -> refusals.decrementAndGet());
        channel.eventLoop()
                .execute(() -> channel.writeAndFlush(Unpooled.wrappedBuffer(rawAnswer(problem)))
                        .addListener(ChannelFutureListener.CLOSE));
    }

    /** An answer to a client that has not said anything yet. */
    private static byte[] rawAnswer(HttpProblem problem) {
        HttpAnswer answer = problem.toAnswer();
        StringBuilder text = new StringBuilder("HTTP/1.1 " + answer.status() + " Service Unavailable\r\n");
        answer.headers().forEach((name, value) -> text.append(name + ": " + value + "\r\n"));
        text.append("Content-Length: " + answer.content().byteSize() + "\r\nConnection: close\r\n\r\n");
        text.append(new String(answer.content().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** {@return where the server listens} */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    /** {@return what was counted} */
    public HttpCounters counters() {
        return counters;
    }

    HttpLimits limits() {
        return limits;
    }

    HttpRoutes routes() {
        return routes;
    }

    NanoClock clock() {
        return clock;
    }

    BodyMemory bodyMemory() {
        return bodyMemory;
    }

    /** Stops listening, closes all connections, and ends the event loops within bounded time. Not for an event loop. */
    @Override
    public void close() {
        listening.close().awaitUninterruptibly(CLOSE_LIMIT_NS, TimeUnit.NANOSECONDS);
        channels.close().awaitUninterruptibly(CLOSE_LIMIT_NS, TimeUnit.NANOSECONDS);
        loops.shutdownGracefully(0, CLOSE_LIMIT_NS, TimeUnit.NANOSECONDS)
                .awaitUninterruptibly(CLOSE_LIMIT_NS, TimeUnit.NANOSECONDS);
    }

    /** Where and how a server listens. For one thread. */
    public static final class Context {
        private static final int MAX_THREADS = 1024;

        private InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        private HttpLimits limits = HttpLimits.defaults();
        private @Nullable TransportKind requestedKind;
        private TransportKind kind = TransportKind.NIO;
        private int threads = 1;
        private NanoClock clock = SystemNanoClock.INSTANCE;

        /**
         * Sets where to listen.
         *
         * @param value the address; a free port of the loopback address unless set
         * @return this
         */
        public Context address(InetSocketAddress value) {
            address = value;
            return this;
        }

        /**
         * Sets what clients are granted.
         *
         * @param value the limits
         * @return this
         */
        public Context limits(HttpLimits value) {
            limits = value;
            return this;
        }

        /**
         * Sets how sockets are driven.
         *
         * @param value the kind; the best one available unless set
         * @return this
         */
        public Context transportKind(TransportKind value) {
            requestedKind = value;
            return this;
        }

        /**
         * Sets how many event loops there are.
         *
         * @param value from 1; 1 unless set
         * @return this
         */
        public Context threads(int value) {
            threads = value;
            return this;
        }

        /**
         * Sets what time is measured by.
         *
         * @param value a monotonic clock
         * @return this
         */
        public Context clock(NanoClock value) {
            clock = value;
            return this;
        }

        /**
         * Checks everything.
         *
         * @return this
         * @throws IllegalArgumentException if a value is out of its range
         */
        public Context conclude() {
            if (threads < 1 || threads > MAX_THREADS) {
                throw new IllegalArgumentException("threads must be from 1 to " + MAX_THREADS + ", but is " + threads);
            }
            kind = requestedKind == null ? TransportKind.select("auto") : requestedKind;
            return this;
        }
    }
}
