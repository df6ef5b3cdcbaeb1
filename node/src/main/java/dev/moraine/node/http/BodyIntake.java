package dev.moraine.node.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Takes one request's body in, piece by piece: straight to its place if the length is known, else into blocks that
 * double. Belongs to an event loop.
 */
final class BodyIntake {
    private static final int FIRST_BLOCK_BYTES = 64 << 10;

    private final BodyMemory memory;
    private final ByteBufAllocator allocator;
    private final long maxBytes;
    private ReceivedBody body = ReceivedBody.EMPTY;
    private long receivedBytes;

    /**
     * An intake without memory.
     *
     * @param memory the server's memory
     * @param allocator where its buffers come from
     * @param maxBytes longest body
     */
    BodyIntake(BodyMemory memory, ByteBufAllocator allocator, long maxBytes) {
        this.memory = memory;
        this.allocator = allocator;
        this.maxBytes = maxBytes;
    }

    /**
     * Finds memory before anything comes.
     *
     * @param lengthBytes the body's length, at most the limit, or {@link RequestHead#UNKNOWN_LENGTH}
     * @param receiver gives the memory, or null
     * @return null, or why the body is not taken
     */
    @Nullable HttpProblem open(long lengthBytes, @Nullable BodyReceiver receiver) {
        if (lengthBytes == 0) {
            return null;
        }
        ReceivedBody room;
        if (receiver != null && lengthBytes > 0) {
            room = receiver.reserve(lengthBytes);
        } else {
            int firstBytes = (int) Math.min(lengthBytes > 0 ? lengthBytes : FIRST_BLOCK_BYTES, maxBytes);
            room = memory.tryTake(allocator, firstBytes);
        }
        if (room == null) {
            return noRoom();
        }
        body = room;
        return null;
    }

    /**
     * Takes a piece.
     *
     * @param piece bytes that came; stays the caller's
     * @return null, or why no more is taken
     */
    @Nullable HttpProblem append(ByteBuf piece) {
        int pieceBytes = piece.readableBytes();
        if (pieceBytes == 0) {
            return null;
        }
        if (receivedBytes + pieceBytes > maxBytes) {
            return tooLong(receivedBytes + pieceBytes, maxBytes);
        }
        if (receivedBytes + pieceBytes > body.bytes().byteSize()) {
            HttpProblem problem = grow(receivedBytes + pieceBytes);
            if (problem != null) {
                return problem;
            }
        }
        piece.getBytes(
                piece.readerIndex(), body.bytes().asSlice(receivedBytes, pieceBytes).asByteBuffer());
        receivedBytes += pieceBytes;
        return null;
    }

    private @Nullable HttpProblem grow(long neededBytes) {
        long doubled = Math.max(neededBytes, 2 * body.bytes().byteSize());
        ReceivedBody larger = memory.tryTake(allocator, (int) Math.min(doubled, maxBytes));
        if (larger == null) {
            return noRoom();
        }
        MemorySegment.copy(body.bytes(), 0, larger.bytes(), 0, receivedBytes);
        body.release();
        body = larger;
        return null;
    }

    /** {@return how much has come} */
    long receivedBytes() {
        return receivedBytes;
    }

    /** {@return the body, once all of it has come; the caller releases it} */
    ReceivedBody finish() {
        ReceivedBody whole = body;
        body = ReceivedBody.EMPTY;
        return whole.bytes().byteSize() == receivedBytes ? whole : new FilledPart(whole, receivedBytes);
    }

    /** Gives the memory back. */
    void release() {
        body.release();
        body = ReceivedBody.EMPTY;
    }

    /**
     * The problem of a body over the limit.
     *
     * @param lengthBytes its length, as far as it is known
     * @param maxBytes the limit
     * @return the problem
     */
    static HttpProblem tooLong(long lengthBytes, long maxBytes) {
        String limit = maxBytes == 0 ? "without bytes here" : "at most " + maxBytes + " bytes";
        return HttpProblem.ofField(413, "BODY_TOO_LARGE", "body", lengthBytes + " bytes or more", limit);
    }

    private static HttpProblem noRoom() {
        return HttpProblem.of(429, "OVER_CAPACITY", "there is no memory for this body now").retryAfter(1);
    }

    /** The front of a block that was not filled. */
    private record FilledPart(ReceivedBody whole, long lengthBytes) implements ReceivedBody {
        @Override
        public MemorySegment bytes() {
            return whole.bytes().asSlice(0, lengthBytes);
        }

        @Override
        public void release() {
            whole.release();
        }
    }
}
