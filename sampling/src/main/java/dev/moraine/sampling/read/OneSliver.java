package dev.moraine.sampling.read;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.wire.message.Part;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Gets one sliver from its holder. */
final class OneSliver extends Gathering {
    private final BlobMetadata metadata;
    private final int pair;
    private final Part part;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;

    OneSliver(CommitteeReader committee, BlobMetadata metadata, int pair, Part part, Deadline deadline) {
        super(committee, deadline, new BlameLog(), 1, 1, committee.patienceNs(0));
        this.metadata = metadata;
        this.pair = pair;
        this.part = part;
        this.memory = arena.allocate(SliverSet.sliverBytesOf(metadata, part), Geometry.SYMBOL_ALIGNMENT_BYTES);
    }

    Answer<Sliver> get() throws InterruptedException {
        boolean isThere = false;
        try {
            isThere = gather();
        } finally {
            if (!isThere) {
                arena.close();
            }
        }
        Optional<Sliver> sliver =
                isThere ? Optional.of(new Sliver(pair, part, arena, memory)) : Optional.empty();
        return new Answer<>(sliver, blame().report());
    }

    @Override
    MemberRequest request(int candidate) {
        return new SliverRequest(inbox(), memberOf(candidate), candidate, metadata.id(), pair, part, memory);
    }

    @Override
    boolean accept(MemberRequest ended) {
        if (SliverSet.matchesRoot(metadata, part, pair, memory)) {
            return true;
        }
        blame().add(
                ended.member(),
                FaultKind.WRONG_SLIVER,
                SliverRequest.subject(part, pair) + ": does not match its root");
        return false;
    }

    @Override
    int memberOf(int candidate) {
        return committee().holderOf(metadata.id(), pair);
    }
}
