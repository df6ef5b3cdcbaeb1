package dev.moraine.node.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Tells a session of raw bytes, so that it knows when a request begins of which nothing is decoded yet. */
final class ByteTap extends ChannelInboundHandlerAdapter {
    private final HttpSession session;

    /**
     * A tap in front of the decoder.
     *
     * @param session learns of the bytes
     */
    ByteTap(HttpSession session) {
        this.session = session;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            session.onBytes(bytes.readableBytes());
        }
        context.fireChannelRead(message);
    }
}
