package dev.moraine.wire.transport;

import dev.moraine.wire.message.MessageLimits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import org.agrona.concurrent.NanoClock;

/**
 * Cuts the stream into frames. A length that is out of range is reported as a {@link Fault} event before anything is
 * allocated for it, and ends the decoding. For the event loop of its channel.
 */
final class FrameDecoder extends ByteToMessageDecoder {
    /** Bytes of the length before every frame. */
    static final int LENGTH_BYTES = Integer.BYTES;

    /** What is wrong with an announced length. */
    enum Fault {
        /** Longer than a frame may be. */
        OVERSIZED,
        /** Too short for a header. */
        TOO_SHORT
    }

    private final NanoClock clock;
    private int maxFrameBytes = MessageLimits.MAX_HANDSHAKE_FRAME_BYTES;
    private boolean isPartial;
    private long partialSinceNs;
    private boolean isStopped;

    FrameDecoder(NanoClock clock) {
        this.clock = clock;
    }

    /** Allows frames of full length, from the next one on. */
    void allowFullFrames() {
        maxFrameBytes = MessageLimits.MAX_FRAME_BYTES;
    }

    /** Ignores whatever else comes. */
    void stop() {
        isStopped = true;
        isPartial = false;
    }

    /** Whether a frame began more than a while ago and has not ended. */
    boolean isPartialFor(long durationNs, long nowNs) {
        return isPartial && nowNs - partialSinceNs > durationNs;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (isStopped) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (in.readableBytes() < LENGTH_BYTES) {
            notePartial();
            return;
        }
        long length = in.getUnsignedIntLE(in.readerIndex());
        if (length > maxFrameBytes || length < MessageLimits.HEADER_BYTES) {
            stop();
            in.skipBytes(in.readableBytes());
            context.fireUserEventTriggered(length > maxFrameBytes ? Fault.OVERSIZED : Fault.TOO_SHORT);
            return;
        }
        if (in.readableBytes() < LENGTH_BYTES + length) {
            notePartial();
            return;
        }
        isPartial = false;
        in.skipBytes(LENGTH_BYTES);
        out.add(in.readRetainedSlice((int) length));
    }

    @Override
    protected void decodeLast(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        // The rest of a closed connection is no frame: frames were taken out as they became complete.
        in.skipBytes(in.readableBytes());
    }

    private void notePartial() {
        if (!isPartial) {
            isPartial = true;
            partialSinceNs = clock.nanoTime();
        }
    }
}
