package dev.moraine.sampling.read;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.wire.message.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * One read of a whole blob whose metadata is known (protocol, section 6). Used by one thread, once.
 *
 * <p>Primary slivers are asked for first; secondary ones as soon as too few primaries can be counted on. The first
 * complete set is decoded on trust. If that does not lead to the id, every sliver is verified by itself, now and as
 * it comes, until a complete set of verified ones leads to the id or shows that no set does: if the id were that of
 * any blob, each verified sliver would be a line of that blob's matrix, whichever side it is of, and any complete set
 * would rebuild it.
 */
final class BlobRead implements AutoCloseable {
    private final BlobMetadata metadata;
    private final BlobMatrix matrix;
    private final Deadline deadline;
    private final BlameLog blame;
    private final Arena arena = Arena.ofShared();
    private final SliverSet primaries;
    private final SliverSet secondaries;
    private @Nullable RowDelivery delivery;

    BlobRead(CommitteeReader committee, BlobMetadata metadata, Deadline deadline, BlameLog blame) {
        this.metadata = metadata;
        this.matrix = new BlobMatrix(metadata.geometry(), metadata.header().symbolSizeBytes());
        this.deadline = deadline;
        this.blame = blame;
        BlockingQueue<MemberRequest> inbox = new LinkedBlockingQueue<>();
        primaries = new SliverSet(committee, deadline, blame, inbox, metadata, Part.PRIMARY, arena);
        secondaries = new SliverSet(committee, deadline, blame, inbox, metadata, Part.SECONDARY, arena);
    }

    /** Reads the blob and gives it to nobody. */
    ReadResult run() throws InterruptedException {
        try {
            return runToEnd();
        } catch (IOException e) {
            throw new UncheckedIOException("only a sink throws, and there is none", e);
        }
    }

    /** Reads the blob and hands it on meanwhile: each row as soon as it and all before it were verified. */
    ReadResult run(BlobSink sink) throws InterruptedException, IOException {
        delivery = new RowDelivery(sink, metadata);
        primaries.verifyAtOnce();
        sink.onHeader(metadata.header());
        return runToEnd();
    }

    private ReadResult runToEnd() throws InterruptedException, IOException {
        while (true) {
            SliverSet complete = primaries.isComplete() ? primaries : secondaries;
            if (complete.isComplete()) {
                ReadResult result = conclude(complete);
                if (result != null) {
                    return result;
                }
            } else if ((!primaries.canStillComplete() && !secondaries.canStillComplete()) || deadline.hasPassed()) {
                return unavailable();
            } else {
                primaries.askMissing();
                long wakeNs = primaries.nextWakeNs();
                if (primaries.isMissingSome()) {
                    secondaries.askMissing();
                    wakeNs = Math.min(wakeNs, secondaries.nextWakeNs());
                }
                if (primaries.poll(wakeNs) instanceof SliverRequest ended) {
                    (ended.part() == Part.PRIMARY ? primaries : secondaries).settle(ended);
                    if (delivery != null) {
                        delivery.advance(primaries);
                    }
                }
            }
        }
    }

    /** Ends all requests and frees the slivers. */
    @Override
    public void close() {
        primaries.abandonAll();
        secondaries.abandonAll();
        arena.close();
    }

    /** Gives the result that a complete set leads to, or null if slivers of it had to be dropped. */
    private @Nullable ReadResult conclude(SliverSet set) throws IOException {
        int[] chosen = set.chosen();
        Arena blobArena = Arena.ofShared();
        boolean isKept = false;
        try {
            MemorySegment paddedBlob = blobArena.allocate(
                    metadata.geometry().paddedBlobBytes(metadata.header().symbolSizeBytes()),
                    Geometry.SYMBOL_ALIGNMENT_BYTES);
            set.rebuild(matrix, chosen, paddedBlob);
            if (WholeBlob.leadsToId(metadata, paddedBlob)) {
                MemorySegment bytes = paddedBlob.asSlice(0, metadata.header().lengthBytes());
                if (delivery != null) {
                    delivery.finish(bytes);
                }
                blameUnanswered(true);
                isKept = true;
                return new ReadResult.Read(metadata, new BlobMemory(blobArena, bytes), blame.report());
            }
        } finally {
            if (!isKept) {
                blobArena.close();
            }
        }
        for (SliverSet each : new SliverSet[] {primaries, secondaries}) {
            each.verifyAtOnce();
            each.verifyHeld();
        }
        if (!set.areVerified(chosen)) {
            return null;
        }
        blameUnanswered(true);
        return new ReadResult.Inconsistent(metadata.id(), blame.report());
    }

    private ReadResult unavailable() {
        // Whoever still has time is not to blame that others failed.
        blameUnanswered(!deadline.hasPassed());
        String missing = primaries.heldCount() + " of " + metadata.geometry().sourceRows() + " primary slivers and "
                + secondaries.heldCount() + " of " + metadata.geometry().sourceColumns() + " secondary slivers came";
        return new ReadResult.Unavailable(metadata.id(), missing, blame.report());
    }

    private void blameUnanswered(boolean slowOnly) {
        primaries.blameUnanswered(slowOnly);
        secondaries.blameUnanswered(slowOnly);
    }
}
