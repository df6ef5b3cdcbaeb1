package dev.moraine.wire.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringBufferRingConfig;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringFixedBufferRingAllocator;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How sockets are driven. All kinds behave alike; they differ in cost. */
public enum TransportKind {
    /** Linux io_uring, with a ring of receive buffers where the kernel has them. */
    IO_URING,
    /** Linux epoll. */
    EPOLL,
    /** The selectors of the JDK, which are everywhere. */
    NIO;

    private static final short BUFFER_GROUP = 0;
    private static final int MAX_BUFFERS_PER_BATCH = 16;

    /**
     * Chooses a kind.
     *
     * @param requested {@code auto} for the first of io_uring, epoll and nio that works here, or the name of one
     * @return the kind
     * @throws TransportUnavailableException if the one that is asked for does not work here; its message says why
     * @throws IllegalArgumentException if there is no such kind
     */
    public static TransportKind select(String requested) {
        if (requested.equals("auto")) {
            return IO_URING.isAvailable() ? IO_URING : EPOLL.isAvailable() ? EPOLL : NIO;
        }
        for (TransportKind kind : values()) {
            if (kind.optionName().equals(requested)) {
                Throwable obstacle = kind.obstacle();
                if (obstacle != null) {
                    throw new TransportUnavailableException(kind, obstacle);
                }
                return kind;
            }
        }
        throw new IllegalArgumentException(
                "transport must be auto, io_uring, epoll or nio, but is '" + requested + "'");
    }

    /**
     * Whether this kind works on this machine.
     *
     * @return true if it does
     */
    public boolean isAvailable() {
        return obstacle() == null;
    }

    /**
     * The name by which {@link #select} knows this kind.
     *
     * @return lower case
     */
    public String optionName() {
        return name().toLowerCase(Locale.ROOT);
    }

    private @Nullable Throwable obstacle() {
        return switch (this) {
            case IO_URING -> IoUring.unavailabilityCause();
            case EPOLL -> Epoll.unavailabilityCause();
            case NIO -> null;
        };
    }

    /**
     * What event loops of this kind are made of, for servers that speak another protocol.
     *
     * @return a factory for one group of event loops
     */
    public IoHandlerFactory newHandlerFactory() {
        return newHandlerFactory(IoUringTuning.defaults());
    }

    IoHandlerFactory newHandlerFactory(IoUringTuning tuning) {
        return switch (this) {
            case IO_URING -> IoUringIoHandler.newFactory(ringConfig(tuning));
            case EPOLL -> EpollIoHandler.newFactory();
            case NIO -> NioIoHandler.newFactory();
        };
    }

    private Class<? extends ServerSocketChannel> serverChannelType() {
        return switch (this) {
            case IO_URING -> IoUringServerSocketChannel.class;
            case EPOLL -> EpollServerSocketChannel.class;
            case NIO -> NioServerSocketChannel.class;
        };
    }

    private Class<? extends SocketChannel> channelType() {
        return switch (this) {
            case IO_URING -> IoUringSocketChannel.class;
            case EPOLL -> EpollSocketChannel.class;
            case NIO -> NioSocketChannel.class;
        };
    }

    /**
     * Lets a server use this kind.
     *
     * @param bootstrap the server, on event loops of this kind
     */
    public void configure(ServerBootstrap bootstrap) {
        configure(bootstrap, IoUringTuning.defaults());
    }

    void configure(ServerBootstrap bootstrap, IoUringTuning tuning) {
        bootstrap.channel(serverChannelType());
        if (this == IO_URING && hasRing(tuning)) {
            bootstrap.childOption(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, BUFFER_GROUP);
        }
        if (this == IO_URING && tuning.zeroCopyFromBytes() > 0) {
            bootstrap.childOption(
                    IoUringChannelOption.IO_URING_WRITE_ZERO_COPY_THRESHOLD, tuning.zeroCopyFromBytes());
        }
    }

    /** Lets a client use this kind. */
    void configure(Bootstrap bootstrap, IoUringTuning tuning) {
        bootstrap.channel(channelType());
        if (this == IO_URING && hasRing(tuning)) {
            bootstrap.option(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, BUFFER_GROUP);
        }
        if (this == IO_URING && tuning.zeroCopyFromBytes() > 0) {
            bootstrap.option(IoUringChannelOption.IO_URING_WRITE_ZERO_COPY_THRESHOLD, tuning.zeroCopyFromBytes());
        }
    }

    private static boolean hasRing(IoUringTuning tuning) {
        return tuning.ringBuffers() > 0 && IoUring.isRegisterBufferRingSupported();
    }

    private static IoUringIoHandlerConfig ringConfig(IoUringTuning tuning) {
        IoUringIoHandlerConfig config = new IoUringIoHandlerConfig();
        if (hasRing(tuning)) {
            config.setBufferRingConfig(IoUringBufferRingConfig.builder()
                    .bufferGroupId(BUFFER_GROUP)
                    .bufferRingSize((short) tuning.ringBuffers())
                    .batchSize(Math.min(tuning.ringBuffers(), MAX_BUFFERS_PER_BATCH))
                    .allocator(new IoUringFixedBufferRingAllocator(tuning.ringBufferBytes()))
                    .build());
        }
        return config;
    }
}
