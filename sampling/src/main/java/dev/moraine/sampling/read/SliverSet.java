package dev.moraine.sampling.read;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.codec.TooFewShardsException;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.proof.SliverVerifier;
import dev.moraine.wire.message.Part;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** Gathers the primary or the secondary slivers of a blob, source lines first. */
final class SliverSet extends Gathering {
    private final BlobMetadata metadata;
    private final Part part;
    private final int needed;
    private final long sliverBytes;
    private final Arena arena;
    private final @Nullable MemorySegment[] slivers;
    private final Deque<MemorySegment> spare = new ArrayDeque<>();
    private final BitSet verified = new BitSet();
    private boolean verifiesAtOnce;

    /**
     * Nothing is asked yet.
     *
     * @param arena where slivers are allocated; shared, since event loops write them
     */
    SliverSet(
            CommitteeReader committee,
            Deadline deadline,
            BlameLog blame,
            BlockingQueue<MemberRequest> inbox,
            BlobMetadata metadata,
            Part part,
            Arena arena) {
        super(
                committee,
                deadline,
                blame,
                inbox,
                metadata.geometry().shards(),
                neededOf(metadata.geometry(), part),
                // The slivers that are needed come at the same time over the same link.
                committee.patienceNs(neededOf(metadata.geometry(), part) * sliverBytesOf(metadata, part)));
        this.metadata = metadata;
        this.part = part;
        this.needed = neededOf(metadata.geometry(), part);
        this.sliverBytes = sliverBytesOf(metadata, part);
        this.arena = arena;
        this.slivers = new MemorySegment[metadata.geometry().shards()];
    }

    /** How many slivers rebuild the blob. */
    static int neededOf(Geometry geometry, Part part) {
        return part == Part.PRIMARY ? geometry.sourceRows() : geometry.sourceColumns();
    }

    /** Bytes of a sliver of a blob. */
    static long sliverBytesOf(BlobMetadata metadata, Part part) {
        int symbolSizeBytes = metadata.header().symbolSizeBytes();
        return part == Part.PRIMARY
                ? metadata.geometry().primarySliverBytes(symbolSizeBytes)
                : metadata.geometry().secondarySliverBytes(symbolSizeBytes);
    }

    /** Whether a sliver's recomputed root is the one in the metadata. */
    static boolean matchesRoot(BlobMetadata metadata, Part part, int pair, MemorySegment sliver) {
        return part == Part.PRIMARY
                ? SliverVerifier.verifyPrimary(metadata, pair, sliver)
                : SliverVerifier.verifySecondary(metadata, pair, sliver);
    }

    /** From now on slivers are verified one by one, as they come. */
    void verifyAtOnce() {
        verifiesAtOnce = true;
    }

    /** Verifies what came unverified, drops what is bad, and blames who sent it. */
    void verifyHeld() {
        for (int pair = 0; pair < slivers.length; pair++) {
            if (isHeld(pair) && !verified.get(pair) && !verify(pair, memberOf(pair))) {
                reject(pair);
                spare.add(sliver(pair));
                slivers[pair] = null;
            }
        }
    }

    /** The lowest lines that rebuild the blob. The set is complete. */
    int[] chosen() {
        int[] chosen = new int[needed];
        int count = 0;
        for (int pair = 0; count < needed; pair++) {
            if (isHeld(pair)) {
                chosen[count++] = pair;
            }
        }
        return chosen;
    }

    /** Whether all these slivers are held and match their roots. */
    boolean areVerified(int[] pairs) {
        for (int pair : pairs) {
            if (!isHeld(pair) || !verified.get(pair)) {
                return false;
            }
        }
        return true;
    }

    /** Rebuilds the padded blob from these slivers, whatever they are worth. */
    void rebuild(BlobMatrix matrix, int[] pairs, MemorySegment paddedBlob) {
        MemorySegment[] memory = new MemorySegment[pairs.length];
        for (int i = 0; i < pairs.length; i++) {
            memory[i] = sliver(pairs[i]);
        }
        try {
            if (part == Part.PRIMARY) {
                matrix.decodeFromPrimaries(pairs, memory, paddedBlob);
            } else {
                matrix.decodeFromSecondaries(pairs, memory, paddedBlob);
            }
        } catch (TooFewShardsException e) {
            throw new IllegalStateException("a complete set of slivers has too few", e);
        }
    }

    @Override
    MemberRequest request(int candidate) {
        MemorySegment memory = spare.poll();
        return new SliverRequest(
                inbox(),
                memberOf(candidate),
                candidate,
                metadata.id(),
                candidate,
                part,
                memory != null ? memory : arena.allocate(sliverBytes, Geometry.SYMBOL_ALIGNMENT_BYTES));
    }

    @Override
    boolean accept(MemberRequest ended) {
        int pair = ended.candidate();
        slivers[pair] = ((SliverRequest) ended).memory();
        if (verifiesAtOnce && !verify(pair, ended.member())) {
            slivers[pair] = null;
            return false;
        }
        return true;
    }

    @Override
    void release(MemberRequest ended) {
        spare.add(((SliverRequest) ended).memory());
    }

    @Override
    int memberOf(int candidate) {
        return committee().holderOf(metadata.id(), candidate);
    }

    private boolean verify(int pair, int member) {
        if (matchesRoot(metadata, part, pair, sliver(pair))) {
            verified.set(pair);
            return true;
        }
        blame().add(
                member, FaultKind.WRONG_SLIVER, SliverRequest.subject(part, pair) + ": does not match its root");
        return false;
    }

    /** A sliver that is held. */
    MemorySegment sliver(int pair) {
        MemorySegment sliver = slivers[pair];
        if (sliver == null) {
            throw new IllegalStateException("sliver " + pair + " is not held");
        }
        return sliver;
    }
}
