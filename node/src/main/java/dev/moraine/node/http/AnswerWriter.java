package dev.moraine.node.http;

import dev.moraine.wire.transport.SegmentBuf;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;

/**
 * Sends one answer: a short one in one piece, a long one as the client takes it, straight from its memory. Belongs to
 * an event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails closes the channel, and the session learns of that.
final class AnswerWriter {
    private static final long MIN_PIECE_BYTES = 4 << 10;
    private static final long MAX_PIECE_BYTES = 128 << 10;

    /** Pieces that wait in the channel: one to go while the next is made ready. */
    private static final int MAX_PIECES_AHEAD = 2;

    private final ChannelHandlerContext context;
    private final HttpAnswer answer;
    private final Consumer<Boolean> whenDone;
    private final long totalBytes;
    private final long maxPieceBytes;
    private long writtenBytes;
    private long sentBytes;
    private int piecesAlive;
    private int piecesAhead;
    private boolean hasFailed;
    private boolean isDone;

    /**
     * A writer of one answer.
     *
     * @param context where it goes
     * @param limits says how slowly it may go
     * @param answer released when its memory is not needed any more
     * @param whenDone learns on the event loop whether everything went out
     */
    AnswerWriter(
            ChannelHandlerContext context, HttpLimits limits, HttpAnswer answer, Consumer<Boolean> whenDone) {
        this.context = context;
        this.answer = answer;
        this.whenDone = whenDone;
        this.totalBytes = answer.content().byteSize();
        // A piece counts when all of it is gone, so that a client at the lowest speed must take one in every window.
        this.maxPieceBytes = Math.clamp(limits.minWindowBytes() / 2, MIN_PIECE_BYTES, MAX_PIECE_BYTES);
    }

    /**
     * Begins to send.
     *
     * @param isHead whether the content is only announced
     * @param isLast whether to tell the client that the connection ends with this answer
     */
    void start(boolean isHead, boolean isLast) {
        MemorySegment content = answer.content();
        if (isHead || totalBytes == 0) {
            DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), Unpooled.EMPTY_BUFFER);
            fill(response, isLast);
            context.writeAndFlush(response).addListener(sent -> end(sent.isSuccess()));
        } else if (!content.isNative()) {
            ByteBuf bytes = Unpooled.wrappedBuffer(content.toArray(ValueLayout.JAVA_BYTE));
            DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), bytes);
            fill(response, isLast);
            context.writeAndFlush(response).addListener(sent -> end(sent.isSuccess()));
        } else {
            HttpResponse response =
                    new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()));
            fill(response, isLast);
            context.write(response);
            writeMore();
        }
    }

    private void fill(HttpResponse response, boolean isLast) {
        HttpHeaders headers = response.headers();
        answer.headers().forEach(headers::set);
        boolean isWithoutContent = answer.status() == HttpResponseStatus.NO_CONTENT.code()
                || answer.status() == HttpResponseStatus.NOT_MODIFIED.code();
        if (!isWithoutContent) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, totalBytes);
        }
        if (isLast) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
    }

    private void writeMore() {
        while (piecesAhead < MAX_PIECES_AHEAD && writtenBytes < totalBytes && !hasFailed) {
            long pieceBytes = Math.min(maxPieceBytes, totalBytes - writtenBytes);
            MemorySegment piece = answer.content().asSlice(writtenBytes, pieceBytes);
            writtenBytes += pieceBytes;
            piecesAlive++;
            piecesAhead++;
            ByteBuf buffer = new SegmentBuf(context.alloc(), piece, this::onReleased);
            ChannelFuture going = context.write(new DefaultHttpContent(buffer));
            going.addListener(sent -> onSent(sent.isSuccess(), pieceBytes));
        }
        if (writtenBytes == totalBytes && !hasFailed) {
            context.write(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        context.flush();
    }

    private void onSent(boolean isSent, long pieceBytes) {
        piecesAhead--;
        sentBytes += isSent ? pieceBytes : 0;
        hasFailed |= !isSent;
        if (writtenBytes < totalBytes && !hasFailed) {
            writeMore();
        }
        endIfQuiet();
    }

    /** Netty may let go of a buffer after it has told that it was written, and on another thread when a channel dies. */
    private void onReleased() {
        Channel channel = context.channel();
        if (channel.eventLoop().inEventLoop()) {
            piecesAlive--;
            endIfQuiet();
        } else {
            channel.eventLoop().execute(() -> {
                piecesAlive--;
                endIfQuiet();
            });
        }
    }

    private void endIfQuiet() {
        if (piecesAlive == 0 && piecesAhead == 0 && (hasFailed || sentBytes == totalBytes)) {
            end(!hasFailed);
        }
    }

    private void end(boolean isSent) {
        if (!isDone) {
            isDone = true;
            sentBytes = isSent ? totalBytes : sentBytes;
            answer.release();
            whenDone.accept(isSent);
        }
    }

    /** {@return the bytes of content that are on their way to the client} */
    long sentBytes() {
        return sentBytes;
    }
}
