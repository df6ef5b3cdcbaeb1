package dev.moraine.wire.message;

import dev.moraine.wire.sbe.GroupSizeEncodingDecoder;
import dev.moraine.wire.sbe.MessageHeaderDecoder;
import dev.moraine.wire.sbe.VarDataEncodingDecoder;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A received frame with its checks. The flyweights trust counts and lengths, so each of them is checked here, against
 * its limit and against the bytes that are left, before a flyweight uses it. The first fault is remembered. For one
 * thread.
 */
final class FrameReader {
    /** Stands for a count or length that is at fault. */
    static final int FAULT = -1;

    private static final int GROUP_HEADER_BYTES = GroupSizeEncodingDecoder.ENCODED_LENGTH;
    private static final int DATA_HEADER_BYTES = VarDataEncodingDecoder.varDataEncodingOffset();

    private final ByteBuffer frame;
    private final UnsafeBuffer buffer;
    private @Nullable MalformedReason fault;

    FrameReader(ByteBuffer frame) {
        this.frame = frame;
        this.buffer = new UnsafeBuffer(frame, frame.position(), frame.remaining());
    }

    /** The frame, from 0 to its length. */
    UnsafeBuffer buffer() {
        return buffer;
    }

    /** The first fault that was found, or null if there is none. */
    @Nullable MalformedReason fault() {
        return fault;
    }

    /** Whether the frame starts with a header of this schema and version; if not, there is a fault. */
    boolean hasHeader() {
        if (buffer.capacity() < MessageHeaderDecoder.ENCODED_LENGTH) {
            return fail(MalformedReason.TRUNCATED);
        }
        MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(buffer, 0);
        if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID) {
            return fail(MalformedReason.WRONG_SCHEMA);
        }
        return header.version() == MessageHeaderDecoder.SCHEMA_VERSION || fail(MalformedReason.WRONG_VERSION);
    }

    int templateId() {
        return new MessageHeaderDecoder().wrap(buffer, 0).templateId();
    }

    /** Whether the fixed part has this length and is there; if not, there is a fault. */
    boolean hasBlock(int blockLength) {
        if (new MessageHeaderDecoder().wrap(buffer, 0).blockLength() != blockLength) {
            return fail(MalformedReason.WRONG_BLOCK_LENGTH);
        }
        return blockLength <= buffer.capacity() - MessageHeaderDecoder.ENCODED_LENGTH
                || fail(MalformedReason.TRUNCATED);
    }

    /** The entry count of the group that starts at the limit, if its entries' fixed parts are all there. */
    int groupCount(int limit, int blockLength, int least, int most) {
        if (buffer.capacity() - limit < GROUP_HEADER_BYTES) {
            return failCount(MalformedReason.TRUNCATED);
        }
        GroupSizeEncodingDecoder header = new GroupSizeEncodingDecoder().wrap(buffer, limit);
        if (header.blockLength() != blockLength) {
            return failCount(MalformedReason.WRONG_BLOCK_LENGTH);
        }
        int count = header.numInGroup();
        if (!MessageLimits.isWithin(count, least, most)) {
            return failCount(MalformedReason.WRONG_COUNT);
        }
        if (buffer.capacity() - limit - GROUP_HEADER_BYTES < (long) count * blockLength) {
            return failCount(MalformedReason.TRUNCATED);
        }
        return count;
    }

    /** Whether so many bytes follow the limit; if not, there is a fault. */
    boolean hasBytes(int limit, int lengthBytes) {
        return buffer.capacity() - limit >= lengthBytes || fail(MalformedReason.TRUNCATED);
    }

    /** The length of the variable-length data that starts at the limit, if it is all there. */
    int dataLength(int limit, int least, int most) {
        if (!hasBytes(limit, DATA_HEADER_BYTES)) {
            return FAULT;
        }
        long length = new VarDataEncodingDecoder().wrap(buffer, limit).length();
        if (!MessageLimits.isWithin(length, least, most)) {
            return failCount(MalformedReason.WRONG_LENGTH);
        }
        return hasBytes(limit + DATA_HEADER_BYTES, (int) length) ? (int) length : FAULT;
    }

    /** A read-only view of variable-length data whose length was checked. */
    MemorySegment dataView(int limit, int lengthBytes) {
        ByteBuffer data = frame.slice(frame.position() + limit + DATA_HEADER_BYTES, lengthBytes);
        return MemorySegment.ofBuffer(data).asReadOnly();
    }

    /** Where variable-length data of a length ends that starts at the limit. */
    static int dataEnd(int limit, int lengthBytes) {
        return limit + DATA_HEADER_BYTES + lengthBytes;
    }

    /** Whether a field is within its range; if not, there is a fault. */
    boolean isWithin(long value, long least, long most) {
        return MessageLimits.isWithin(value, least, most) || fail(MalformedReason.OUT_OF_RANGE);
    }

    /** Whether the message ends where the frame ends; if not, there is a fault. */
    boolean isAtEnd(int limit) {
        return limit == buffer.capacity() || fail(MalformedReason.TRAILING_BYTES);
    }

    /** Notes a fault. Always false. */
    boolean fail(MalformedReason reason) {
        if (fault == null) {
            fault = reason;
        }
        return false;
    }

    private int failCount(MalformedReason reason) {
        fail(reason);
        return FAULT;
    }
}
