package dev.moraine.wire.transport;

import dev.moraine.wire.message.Decoded;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.MalformedReason;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MessageCodec;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.uring.IoUringBufferRingExhaustedEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of one connection, as far as both ends share it: frames become messages, every fault closes the
 * connection and is counted, and a regular look at the clock ends what takes too long. Lives on the event loop of its
 * channel.
 */
abstract class FrameSession extends ChannelInboundHandlerAdapter implements InboundMemory.Holder {
    private static final System.Logger LOG = System.getLogger(FrameSession.class.getName());
    private static final int TICKS_PER_TIMEOUT = 4;
    private static final long MIN_TICK_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long MAX_TICK_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int FLUSH_AFTER = 64;

    /**
     * What bounds a session.
     *
     * @param quietTimeoutNs how long nothing may come or go while {@link #mustMove}
     */
    record Bounds(long maxOutboundBytes, long handshakeTimeoutNs, long frameTimeoutNs, long quietTimeoutNs) {
        long tickNs() {
            long shortest = Math.min(handshakeTimeoutNs, Math.min(frameTimeoutNs, quietTimeoutNs));
            return Math.clamp(shortest / TICKS_PER_TIMEOUT, MIN_TICK_NS, MAX_TICK_NS);
        }
    }

    private enum State {
        GREETING,
        OPEN,
        CLOSING
    }

    private final Bounds bounds;
    private final NanoClock clock;
    private final TransportCounters counters;
    private final @Nullable SslContext tls;
    private final FrameDecoder decoder;
    private State state = State.GREETING;
    private boolean wasOpen;
    private long startedNs;
    private long lastReadNs;
    private long quietSinceNs;
    private @Nullable FramedChannel peer;
    private @Nullable Future<?> ticking;

    FrameSession(
            Bounds bounds,
            NanoClock clock,
            TransportCounters counters,
            InboundMemory memory,
            @Nullable SslContext tls) {
        this.bounds = bounds;
        this.clock = clock;
        this.counters = counters;
        this.tls = tls;
        this.decoder = new FrameDecoder(clock, memory, this);
    }

    /** Called once, when the connection stands. */
    abstract void onConnected(FramedChannel channel);

    /** Takes the first message; {@link #open} or {@link #refuse} must follow. */
    abstract void onGreeting(FramedChannel from, Message message);

    /** Takes a message after the greeting. May throw whatever a handler throws. */
    abstract void onMessage(FramedChannel from, Message message);

    /** Called when there is room again after a refused message. */
    abstract void onWritable(FramedChannel channel);

    /** Called once, when the connection is gone. */
    abstract void onDisconnected(FramedChannel channel, boolean wasGreeted);

    /** Whether it is a fault if nothing comes and goes. */
    abstract boolean mustMove();

    /** Called regularly while the connection is open. */
    abstract void onTick(FramedChannel channel, long nowNs);

    /** Whether the connections of this end together have room for more that waits to be sent. Any thread. */
    boolean reserveOutbound(long bytes) {
        return true;
    }

    /** Gives back what was reserved. Any thread. */
    void releaseOutbound(long bytes) {}

    /** Called when TLS failed, after the connection was given up. */
    void onTlsFailed(String problem, boolean isGreeting) {}

    /** Called on the event loop for every message that goes out; {@code isEnd} if its request ends with it. */
    void onSent(long requestId, boolean isEnd) {}

    /** Ends the greeting well. */
    final void open() {
        state = State.OPEN;
        wasOpen = true;
        decoder.allowFullFrames();
        counters.increment(TransportCounter.OPENED);
    }

    /** Tells the peer why the connection ends, and ends it. */
    final void refuse(TransportCounter counter, FailureCode code, String text) {
        counters.increment(counter);
        state = State.CLOSING;
        decoder.stop();
        channel().sendLastAndClose(new Failure(Message.NO_REQUEST, code, text));
    }

    /** Ends the connection without a word. */
    final void drop(TransportCounter counter) {
        counters.increment(counter);
        state = State.CLOSING;
        decoder.stop();
        channel().abort();
    }

    final boolean isOpen() {
        return state == State.OPEN;
    }

    final FramedChannel channel() {
        if (peer == null) {
            throw new IllegalStateException("the session was not added to a pipeline");
        }
        return peer;
    }

    /** Starts the time of {@link #mustMove} anew. */
    final void touch() {
        quietSinceNs = clock.nanoTime();
    }

    /** When the last message came. */
    final long lastReadNs() {
        return lastReadNs;
    }

    final NanoClock clock() {
        return clock;
    }

    final TransportCounters counters() {
        return counters;
    }

    @Override
    public final void evict() {
        executeUnlessClosing(this::refuseForMemory);
    }

    /** Runs a task on the event loop, if the connection still stands then. Any thread. */
    final void executeUnlessClosing(Runnable task) {
        try {
            channel().eventLoop().execute(() -> {
                if (state != State.CLOSING) {
                    task.run();
                }
            });
        } catch (RejectedExecutionException e) {
            // The transport was closed, and with it this connection.
        }
    }

    @Override
    public final void handlerAdded(ChannelHandlerContext context) {
        peer = new FramedChannel(
                context.channel(), bounds.maxOutboundBytes(), counters, clock, tls != null, this);
        context.pipeline().addFirst(decoder);
        if (tls != null) {
            SslHandler encryption = tls.newHandler(context.alloc());
            // The time-out of the greeting covers it.
            encryption.setHandshakeTimeoutMillis(0);
            context.pipeline().addFirst(encryption);
        }
        context.pipeline().addFirst(new FlushConsolidationHandler(FLUSH_AFTER, true));
    }

    @Override
    public final void channelActive(ChannelHandlerContext context) {
        startedNs = clock.nanoTime();
        lastReadNs = startedNs;
        quietSinceNs = startedNs;
        long tickNs = bounds.tickNs();
        ticking = context.channel()
                .eventLoop()
                .scheduleWithFixedDelay(this::tick, tickNs, tickNs, TimeUnit.NANOSECONDS);
        onConnected(channel());
    }

    @Override
    public final void channelInactive(ChannelHandlerContext context) {
        if (ticking == null) {
            return;
        }
        ticking.cancel(false);
        ticking = null;
        state = State.CLOSING;
        guarded(() -> onDisconnected(channel(), wasOpen));
        channel().disconnected();
    }

    @Override
    public final void channelRead(ChannelHandlerContext context, Object received) {
        ByteBuf frame = (ByteBuf) received;
        try {
            if (state == State.CLOSING) {
                return;
            }
            lastReadNs = clock.nanoTime();
            quietSinceNs = lastReadNs;
            counters.increment(TransportCounter.FRAMES_IN);
            counters.add(TransportCounter.BYTES_IN, (long) FrameDecoder.LENGTH_BYTES + frame.readableBytes());
            switch (MessageCodec.decode(frame.nioBuffer())) {
                case Decoded.Accepted(Message message) -> accept(message);
                case Decoded.Malformed(MalformedReason reason) -> refuseMalformed(reason);
            }
        } finally {
            frame.release();
        }
    }

    @Override
    public final void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof FrameDecoder.Fault fault && state != State.CLOSING) {
            switch (fault) {
                case OVERSIZED -> refuse(TransportCounter.OVERSIZED, FailureCode.MALFORMED, "frame is too long");
                case TOO_SHORT -> refuse(TransportCounter.MALFORMED, FailureCode.MALFORMED, "frame is too short");
                case NO_MEMORY -> refuseForMemory();
            }
        } else if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
            failTls(handshake.cause());
        } else if (event instanceof IoUringBufferRingExhaustedEvent) {
            counters.increment(TransportCounter.BUFFER_RING_EXHAUSTED);
        }
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof DecoderException && cause.getCause() instanceof SSLException fault) {
            failTls(fault);
            return;
        }
        if (!(cause instanceof IOException)) {
            LOG.log(System.Logger.Level.ERROR, "connection to " + channel().remoteAddress() + " failed", cause);
        }
        drop(TransportCounter.IO_FAILURES);
    }

    private void failTls(Throwable cause) {
        if (state == State.CLOSING) {
            return;
        }
        boolean isGreeting = state == State.GREETING;
        drop(TransportCounter.TLS_FAILURES);
        guarded(() -> onTlsFailed(problemOf(cause), isGreeting));
    }

    private static String problemOf(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        return "TLS failed: " + message.lines().findFirst().orElse("");
    }

    private void refuseForMemory() {
        String text = "this address uses up the memory for unfinished frames";
        refuse(TransportCounter.INBOUND_EVICTIONS, FailureCode.OVER_LIMIT, text);
    }

    private void accept(Message message) {
        if (state == State.GREETING) {
            guarded(() -> onGreeting(channel(), message));
        } else {
            guarded(() -> onMessage(channel(), message));
        }
    }

    private void refuseMalformed(MalformedReason reason) {
        if (reason == MalformedReason.WRONG_VERSION && state == State.GREETING) {
            refuse(TransportCounter.REFUSED_HELLO, FailureCode.WRONG_VERSION, "schema version is not supported");
        } else {
            refuse(TransportCounter.MALFORMED, FailureCode.MALFORMED, "malformed frame: " + reason);
        }
    }

    private void tick() {
        long nowNs = clock.nanoTime();
        if (state == State.GREETING && nowNs - startedNs > bounds.handshakeTimeoutNs()) {
            drop(TransportCounter.HANDSHAKE_TIMEOUTS);
        } else if (decoder.isPartialFor(bounds.frameTimeoutNs(), nowNs)) {
            drop(TransportCounter.FRAME_TIMEOUTS);
        } else if (channel().isStuckFor(bounds.frameTimeoutNs(), nowNs)) {
            drop(TransportCounter.WRITE_TIMEOUTS);
        } else if (state == State.OPEN
                && mustMove()
                && nowNs - quietSinceNs > bounds.quietTimeoutNs()
                && nowNs - channel().lastWriteNs() > bounds.quietTimeoutNs()) {
            drop(TransportCounter.IDLE_TIMEOUTS);
        } else if (state == State.OPEN) {
            guarded(() -> onTick(channel(), nowNs));
        }
    }

    /** Runs what others wrote; if it throws, this connection ends, and no other. */
    private void guarded(Runnable handler) {
        try {
            handler.run();
        } catch (RuntimeException | Error e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "handler failed; closing the connection to " + channel().remoteAddress(),
                    e);
            drop(TransportCounter.HANDLER_FAILURES);
        }
    }
}
