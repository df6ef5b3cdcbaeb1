package dev.moraine.wire.transport;

import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MessageCodec;
import dev.moraine.wire.message.SliverData;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a connection: encodes on the calling thread, counts what waits, and hands frames to the event
 * loop. Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Writes and closes end in the release of buffers and in channelInactive.
final class FramedChannel implements PeerChannel {
    /** How long closing may take while bytes wait that the peer does not read. */
    static final long CLOSE_LINGER_NS = TimeUnit.SECONDS.toNanos(2);

    private static final System.Logger LOG = System.getLogger(FramedChannel.class.getName());

    /** How a message goes out. */
    private enum Sending {
        /** Copied. */
        MESSAGE,
        /** From where it lies, if it can be. */
        BODY,
        /** Copied; not an answer to anything. */
        ASIDE
    }

    private final Channel channel;
    private final long maxOutboundBytes;
    private final TransportCounters counters;
    private final NanoClock clock;
    private final boolean isEncrypted;
    private final FrameSession session;
    private final AtomicLong outboundBytes = new AtomicLong();
    private final CompletableFuture<@Nullable Void> disconnected = new CompletableFuture<>();
    private volatile boolean isRefusing;
    private volatile boolean isClosing;
    private volatile long lastWriteNs;
    private volatile long lastProgressNs;
    private volatile @Nullable Object attachment;

    /**
     * Wraps a registered channel.
     *
     * @param isEncrypted whether what is written becomes other bytes before it goes out
     * @param session is told on the event loop what goes out, and when, after a refused message, half of the limit is
     *     free again
     */
    FramedChannel(
            Channel channel,
            long maxOutboundBytes,
            TransportCounters counters,
            NanoClock clock,
            boolean isEncrypted,
            FrameSession session) {
        this.channel = channel;
        this.maxOutboundBytes = maxOutboundBytes;
        this.counters = counters;
        this.clock = clock;
        this.isEncrypted = isEncrypted;
        this.session = session;
        this.lastWriteNs = clock.nanoTime();
    }

    @Override
    public boolean send(Message message) {
        return !isClosing && submit(message, null, Sending.MESSAGE);
    }

    /** Sends a message that is neither an answer of the node nor a sign that something moves. */
    void sendAside(Message message) {
        if (!isClosing) {
            submit(message, null, Sending.ASIDE);
        }
    }

    @Override
    public boolean sendThenRelease(Message message, Runnable whenWritten) {
        if (isClosing) {
            counters.increment(TransportCounter.REFUSED_SENDS);
            runGuarded(whenWritten);
            return false;
        }
        return submit(message, whenWritten, Sending.BODY);
    }

    /** Sends a last message, whatever waits already, and closes. */
    void sendLastAndClose(Message message) {
        isClosing = true;
        submit(message, null, Sending.ASIDE);
        close();
    }

    @Override
    public void close() {
        isClosing = true;
        execute(() -> {
            closeIfFlushed();
            if (channel.isOpen()) {
                ChannelFuture closed = channel.closeFuture();
                var forced = channel.eventLoop()
                        .schedule(this::closeNow, CLOSE_LINGER_NS, TimeUnit.NANOSECONDS);
                closed.addListener(_ -> forced.cancel(false));
            }
        });
    }

    /** Closes without sending what waits. */
    void abort() {
        isClosing = true;
        closeNow();
    }

    /** Closes past the handler that encrypts, which would first say goodbye to a peer that may not listen. */
    private void closeNow() {
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first == null) {
            channel.close();
        } else {
            first.close();
        }
    }

    /** Notes that the connection is gone, and that whoever had to be told was. */
    void disconnected() {
        disconnected.complete(null);
    }

    /** Completes when the connection is gone, and whoever had to be told was. */
    CompletableFuture<@Nullable Void> whenDisconnected() {
        return disconnected;
    }

    /** Runs a task when the connection is gone, at once if it is. */
    void runWhenDisconnected(Runnable task) {
        disconnected.thenRun(task);
    }

    @Override
    public long outboundBytes() {
        return outboundBytes.get();
    }

    @Override
    public boolean isOpen() {
        return !isClosing && channel.isActive();
    }

    @Override
    public SocketAddress remoteAddress() {
        return channel.remoteAddress();
    }

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public void attach(@Nullable Object object) {
        attachment = object;
    }

    /** Whether something waits and nothing of it went out for a while. */
    boolean isStuckFor(long durationNs, long nowNs) {
        return outboundBytes.get() > 0 && nowNs - lastProgressNs > durationNs;
    }

    EventLoop eventLoop() {
        return channel.eventLoop();
    }

    /** When the last frame had been written that was not sent aside. */
    long lastWriteNs() {
        return lastWriteNs;
    }

    private boolean submit(Message message, @Nullable Runnable whenWritten, Sending sending) {
        int length = MessageCodec.encodedLength(message);
        long frameBytes = (long) FrameDecoder.LENGTH_BYTES + length;
        if (!channel.isActive() || !reserve(frameBytes)) {
            counters.increment(TransportCounter.REFUSED_SENDS);
            runGuarded(whenWritten);
            return false;
        }
        Runnable done = () -> {
            release(frameBytes, sending != Sending.ASIDE);
            runGuarded(whenWritten);
        };
        boolean isWrapped =
                sending == Sending.BODY && message instanceof SliverData wrappable && SegmentBuf.canWrap(wrappable.data());
        ByteBuf head;
        ByteBuf body = null;
        try {
            if (isWrapped) {
                SliverData data = (SliverData) message;
                head = frame(data, length, length - (int) data.data().byteSize());
                body = new SegmentBuf(channel.alloc(), data.data(), isEncrypted ? () -> {} : done);
            } else {
                head = frame(message, length, length);
            }
        } catch (RuntimeException | Error e) {
            done.run();
            throw e;
        }
        boolean isEnd = OpenRequests.isEnd(message);
        long requestId = sending == Sending.ASIDE ? Message.NO_REQUEST : message.requestId();
        return write(head, body, done, body == null || isEncrypted, () -> {
            counters.increment(TransportCounter.FRAMES_OUT);
            counters.add(TransportCounter.BYTES_OUT, frameBytes);
            session.onSent(requestId, isEnd);
        });
    }

    /** Encodes all of a message, or its head, behind the length of all of it. */
    private ByteBuf frame(Message message, int length, int encodedBytes) {
        int capacity = FrameDecoder.LENGTH_BYTES + encodedBytes;
        ByteBuf frame = channel.alloc().directBuffer(capacity, capacity);
        try {
            frame.writeIntLE(length);
            UnsafeBuffer buffer = new UnsafeBuffer(frame.nioBuffer(0, capacity));
            if (encodedBytes == length) {
                MessageCodec.encode(message, buffer, FrameDecoder.LENGTH_BYTES);
            } else {
                MessageCodec.encodeHead((SliverData) message, buffer, FrameDecoder.LENGTH_BYTES);
            }
            return frame.writerIndex(capacity);
        } catch (RuntimeException | Error e) {
            frame.release();
            throw e;
        }
    }

    /**
     * Hands a frame to the event loop.
     *
     * @param isDoneWhenWritten whether {@code done} is called when all is written; else the body calls it when it is
     *     released. An encrypted body is released when it was encrypted, with all of it still waiting to go out
     */
    private boolean write(
            ByteBuf head, @Nullable ByteBuf body, Runnable done, boolean isDoneWhenWritten, Runnable whenWriting) {
        boolean isAccepted = execute(() -> {
            whenWriting.run();
            ChannelFuture written;
            if (body == null) {
                written = channel.writeAndFlush(head);
            } else {
                channel.write(head);
                written = channel.writeAndFlush(body);
            }
            if (isDoneWhenWritten) {
                written.addListener(_ -> done.run());
            }
        });
        if (!isAccepted) {
            head.release();
            if (body != null) {
                body.release();
            }
            if (isDoneWhenWritten) {
                done.run();
            }
        }
        return isAccepted;
    }

    private boolean execute(Runnable task) {
        EventLoop loop = channel.eventLoop();
        if (loop.inEventLoop()) {
            task.run();
            return true;
        }
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            // The transport was closed; so is the channel.
            return false;
        }
    }

    private boolean reserve(long bytes) {
        while (true) {
            long waiting = outboundBytes.get();
            if (waiting + bytes <= maxOutboundBytes) {
                if (outboundBytes.compareAndSet(waiting, waiting + bytes)) {
                    if (waiting == 0) {
                        lastProgressNs = clock.nanoTime();
                    }
                    return reserveShared(bytes);
                }
            } else {
                // Noted before looking again: either this thread sees the room, or who makes it sees the note.
                isRefusing = true;
                if (outboundBytes.get() + bytes > maxOutboundBytes) {
                    return false;
                }
            }
        }
    }

    /** Whether all connections together have room for what this one has. */
    private boolean reserveShared(long bytes) {
        if (session.reserveOutbound(bytes)) {
            return true;
        }
        isRefusing = true;
        outboundBytes.addAndGet(-bytes);
        return false;
    }

    private void release(long bytes, boolean isMove) {
        session.releaseOutbound(bytes);
        long waiting = outboundBytes.addAndGet(-bytes);
        lastProgressNs = clock.nanoTime();
        if (isMove) {
            lastWriteNs = clock.nanoTime();
        }
        if (isRefusing && waiting <= maxOutboundBytes / 2) {
            isRefusing = false;
            execute(() -> runGuarded(() -> session.onWritable(this)));
        }
        if (isClosing) {
            execute(this::closeIfFlushed);
        }
    }

    private void closeIfFlushed() {
        if (isClosing && outboundBytes.get() == 0) {
            channel.close();
        }
    }

    private void runGuarded(@Nullable Runnable task) {
        if (task == null) {
            return;
        }
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            counters.increment(TransportCounter.HANDLER_FAILURES);
            LOG.log(System.Logger.Level.ERROR, "callback of a connection to " + remoteAddress() + " failed", e);
            abort();
        }
    }
}
