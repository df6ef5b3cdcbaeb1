package dev.moraine.wire.transport;

import dev.moraine.wire.message.MessageLimits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the stream into frames. A frame that came whole is passed on where it lies; one that did not is put together in
 * memory that was reserved for it. That memory is small until {@link #FIRST_BYTES} of the frame have come, so that an
 * announcement alone costs little. What is wrong is reported as a {@link Fault} event, and ends the decoding. For the
 * event loop of its channel.
 */
final class FrameDecoder extends ChannelInboundHandlerAdapter {
    /** Bytes of the length before every frame. */
    static final int LENGTH_BYTES = Integer.BYTES;

    /** Most memory that an unfinished frame has before it needs more. */
    static final int FIRST_BYTES = 64 * 1024;

    /** What ends the decoding. */
    enum Fault {
        /** Longer than a frame may be. */
        OVERSIZED,
        /** Too short for a header. */
        TOO_SHORT,
        /** No memory is left to put a frame together. */
        NO_MEMORY
    }

    private final NanoClock clock;
    private final InboundMemory memory;
    private final InboundMemory.Holder holder;
    private int maxFrameBytes = MessageLimits.MAX_HANDSHAKE_FRAME_BYTES;
    private boolean isPartial;
    private long partialSinceNs;
    private boolean isStopped;
    private int lengthBytes;
    private long length;
    private @Nullable ByteBuf frame;

    FrameDecoder(NanoClock clock, InboundMemory memory, InboundMemory.Holder holder) {
        this.clock = clock;
        this.memory = memory;
        this.holder = holder;
    }

    /** Allows frames of full length, from the next one on. */
    void allowFullFrames() {
        maxFrameBytes = MessageLimits.MAX_FRAME_BYTES;
    }

    /** Ignores whatever else comes, and frees what came of an unfinished frame. */
    void stop() {
        isStopped = true;
        isPartial = false;
        if (frame != null) {
            frame.release();
            frame = null;
            memory.release(holder);
        }
    }

    /** Whether a frame began more than a while ago and has not ended. */
    boolean isPartialFor(long durationNs, long nowNs) {
        return isPartial && nowNs - partialSinceNs > durationNs;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object received) {
        ByteBuf in = (ByteBuf) received;
        try {
            while (in.isReadable() && !isStopped) {
                if (lengthBytes == LENGTH_BYTES || readLength(context, in)) {
                    readFrame(context, in);
                }
            }
        } finally {
            in.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stop();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stop();
    }

    /** Whether the length is there and may be. */
    private boolean readLength(ChannelHandlerContext context, ByteBuf in) {
        while (lengthBytes < LENGTH_BYTES && in.isReadable()) {
            length |= (long) in.readUnsignedByte() << (Byte.SIZE * lengthBytes);
            lengthBytes++;
        }
        if (lengthBytes < LENGTH_BYTES) {
            notePartial();
            return false;
        }
        if (length > maxFrameBytes || length < MessageLimits.HEADER_BYTES) {
            fail(context, length > maxFrameBytes ? Fault.OVERSIZED : Fault.TOO_SHORT);
            return false;
        }
        if (!in.isReadable()) {
            notePartial();
        }
        return true;
    }

    private void readFrame(ChannelHandlerContext context, ByteBuf in) {
        int frameBytes = (int) length;
        if (frame == null && in.readableBytes() >= frameBytes) {
            beginNext();
            context.fireChannelRead(in.readRetainedSlice(frameBytes));
            return;
        }
        if (!in.isReadable()) {
            return;
        }
        notePartial();
        int had = frame == null ? 0 : frame.readableBytes();
        int taken = Math.min(in.readableBytes(), frameBytes - had);
        ByteBuf roomy = withRoom(context, had + taken, frameBytes);
        if (roomy == null) {
            fail(context, Fault.NO_MEMORY);
            return;
        }
        roomy.writeBytes(in, taken);
        if (had + taken == frameBytes) {
            frame = null;
            beginNext();
            try {
                context.fireChannelRead(roomy);
            } finally {
                memory.release(holder);
            }
        }
    }

    /** The unfinished frame, with room for so many bytes; null if there is no memory. */
    private @Nullable ByteBuf withRoom(ChannelHandlerContext context, int neededBytes, int frameBytes) {
        ByteBuf old = frame;
        int oldBytes = old == null ? 0 : old.capacity();
        if (old != null && oldBytes >= neededBytes) {
            return old;
        }
        int newBytes = neededBytes <= FIRST_BYTES ? Math.min(FIRST_BYTES, frameBytes) : frameBytes;
        if (!memory.reserve(holder, newBytes - oldBytes)) {
            return null;
        }
        ByteBuf larger = context.alloc().directBuffer(newBytes, newBytes);
        if (old != null) {
            larger.writeBytes(old);
            old.release();
        }
        frame = larger;
        return larger;
    }

    private void beginNext() {
        isPartial = false;
        lengthBytes = 0;
        length = 0;
    }

    private void fail(ChannelHandlerContext context, Fault fault) {
        stop();
        context.fireUserEventTriggered(fault);
    }

    private void notePartial() {
        if (!isPartial) {
            isPartial = true;
            partialSinceNs = clock.nanoTime();
        }
    }
}
