package dev.moraine.sampling.read;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.wire.message.GetSliver;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.Part;
import dev.moraine.wire.message.SliverData;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Queue;

/** Asks for a sliver, and collects its pieces into memory of exactly its size. */
final class SliverRequest extends MemberRequest {
    private final BlobId blobId;
    private final int pair;
    private final Part part;
    private final MemorySegment memory;
    private long receivedBytes;

    /**
     * A request for a sliver.
     *
     * @param memory receives the sliver; its size is the only one that is accepted
     */
    SliverRequest(
            Queue<MemberRequest> inbox,
            int member,
            int candidate,
            BlobId blobId,
            int pair,
            Part part,
            MemorySegment memory) {
        super(inbox, member, candidate);
        this.blobId = blobId;
        this.pair = pair;
        this.part = part;
        this.memory = memory;
    }

    Part part() {
        return part;
    }

    MemorySegment memory() {
        return memory;
    }

    @Override
    Message message(long id) {
        return new GetSliver(id, blobId.toBytes(), pair, part);
    }

    @Override
    String subject() {
        return subject(part, pair);
    }

    /** What people call a sliver. */
    static String subject(Part part, int pair) {
        return part.name().toLowerCase(Locale.ROOT) + " sliver " + pair;
    }

    @Override
    void take(Message message) {
        if (!(message instanceof SliverData data)) {
            failUnexpected(message);
            return;
        }
        if (data.pairIndex() != pair || data.part() != part || data.entry() != 0) {
            fail(FaultKind.MALFORMED, "a piece of " + data.part() + " " + data.pairIndex());
        } else if (data.totalBytes() != memory.byteSize()) {
            fail(FaultKind.MALFORMED, data.totalBytes() + " bytes announced instead of " + memory.byteSize());
        } else if (data.offset() != receivedBytes || data.data().byteSize() > memory.byteSize() - receivedBytes) {
            fail(FaultKind.MALFORMED, data.data().byteSize() + " bytes at offset " + data.offset() + " after "
                    + receivedBytes + " of " + memory.byteSize());
        } else {
            MemorySegment.copy(data.data(), 0, memory, receivedBytes, data.data().byteSize());
            receivedBytes += data.data().byteSize();
            if (receivedBytes == memory.byteSize()) {
                complete();
            }
        }
    }
}
