package dev.moraine.wire.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.moraine.wire.message.MessageLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Any stream, however it is cut into reads, becomes the same frames and the same fault, and holds no memory after. */
@Tag("fuzz")
class FrameDecoderFuzzTest {
    private static final int CUTS = 4;
    private static final int MEMORY_BYTES = 2 * MessageLimits.MAX_FRAME_BYTES;

    /** The first bytes say where the stream is cut. */
    @FuzzTest
    void stream(byte[] data) {
        if (data.length < CUTS) {
            return;
        }
        byte[] whole = new byte[data.length - CUTS];
        System.arraycopy(data, CUTS, whole, 0, whole.length);
        Taken expected = new Taken();
        run(expected, whole, new byte[] {(byte) 0xFF});
        Taken cut = new Taken();
        byte[] cuts = new byte[CUTS];
        System.arraycopy(data, 0, cuts, 0, CUTS);
        run(cut, whole, cuts);
        assertEquals(expected.frames, cut.frames);
        assertEquals(expected.faults, cut.faults);
    }

    private static void run(Taken taken, byte[] stream, byte[] stepBytes) {
        InboundMemory memory = new InboundMemory(MEMORY_BYTES);
        FrameDecoder decoder = new FrameDecoder(() -> 0, memory, new Alone());
        decoder.allowFullFrames();
        EmbeddedChannel channel = new EmbeddedChannel(decoder, taken);
        int at = 0;
        for (int i = 0; at < stream.length; i++) {
            int length = Math.min(1 + Byte.toUnsignedInt(stepBytes[i % stepBytes.length]), stream.length - at);
            channel.writeInbound(Unpooled.copiedBuffer(stream, at, length));
            at += length;
            assertTrue(memory.usedBytes() <= MEMORY_BYTES);
        }
        channel.finishAndReleaseAll();
        assertEquals(0, memory.usedBytes());
    }

    /** Keeps what comes out. */
    private static final class Taken extends ChannelInboundHandlerAdapter {
        private final List<String> frames = new ArrayList<>();
        private final List<Object> faults = new ArrayList<>();

        @Override
        public void channelRead(ChannelHandlerContext context, Object received) {
            ByteBuf frame = (ByteBuf) received;
            assertTrue(frame.readableBytes() >= MessageLimits.HEADER_BYTES);
            assertTrue(frame.readableBytes() <= MessageLimits.MAX_FRAME_BYTES);
            frames.add(ByteBufUtil.hexDump(frame));
            frame.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            faults.add(event);
        }
    }

    /** A connection that has the memory for itself. */
    private static final class Alone implements InboundMemory.Holder {
        @Override
        public Object address() {
            return this;
        }

        @Override
        public void evict() {
            throw new AssertionError("nobody else needs memory");
        }
    }
}
