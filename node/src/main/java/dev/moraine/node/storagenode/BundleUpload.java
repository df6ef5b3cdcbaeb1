package dev.moraine.node.storagenode;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.wire.message.SliverData;
import java.lang.foreign.Arena;
import java.lang.foreign.SegmentAllocator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bodies of one granted bundle: memory of exactly the size that the offer implies, and how far it is filled.
 *
 * <p>Not thread-safe: it has one owner at a time, the receiver of its connection until it is complete, then whoever
 * stores it.
 */
final class BundleUpload {
    private final MemoryBudget budget;
    private final long reservedBytes;
    private final Arena arena = Arena.ofShared();
    private final @Nullable EntryBody[] bodies;
    private final UploadPace pace;
    private final long deadlineNs;
    private long missingBytes;
    private long lastProgressNs;
    private boolean released;

    /**
     * Takes memory that is already reserved; {@link #release()} gives both back. If this throws, the memory is
     * free again, but still reserved.
     *
     * @param budget where it is reserved
     * @param node whose pairs are to come
     * @param entries the bundle
     * @param wanted the indices of the entries whose bodies are to come
     * @param pace how slowly they may come
     * @param nowNs the time of the grant
     */
    BundleUpload(
            MemoryBudget budget,
            HeldShards node,
            List<BundleEntry> entries,
            List<Integer> wanted,
            UploadPace pace,
            long nowNs) {
        this.budget = budget;
        this.pace = pace;
        reservedBytes = memoryBytes(node, entries, wanted);
        bodies = new EntryBody[entries.size()];
        try {
            // The arena gives zeroed memory: an incomplete body could not leak another bundle's bytes.
            SegmentAllocator memory = SegmentAllocator.slicingAllocator(
                    arena.allocate(Math.max(reservedBytes, 1), Geometry.SYMBOL_ALIGNMENT_BYTES));
            for (int entry : wanted) {
                BundleEntry offered = entries.get(entry);
                EntryBody body = new EntryBody(
                        node.geometry(), offered.lengthBytes(), node.pairsOf(offered.blobId()), memory);
                bodies[entry] = body;
                missingBytes += body.expectedBytes();
            }
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
        lastProgressNs = nowNs;
        deadlineNs = nowNs + pace.longestNs(missingBytes);
    }

    /**
     * The memory that bodies take.
     *
     * @param node whose pairs are to come
     * @param entries the bundle, lengths checked
     * @param wanted the indices of the entries whose bodies are to come
     * @return bytes
     */
    static long memoryBytes(HeldShards node, List<BundleEntry> entries, List<Integer> wanted) {
        long bytes = 0;
        for (int entry : wanted) {
            bytes += EntryBody.memoryBytes(node.geometry(), entries.get(entry).lengthBytes(), node.count());
        }
        return bytes;
    }

    /**
     * Copies a piece, or says why not; then nothing was written.
     *
     * @param piece the piece; its data is read before this returns
     * @param nowNs the time
     * @return what became of it
     */
    UploadVerdict accept(SliverData piece, long nowNs) {
        EntryBody body = piece.entry() < bodies.length ? bodies[piece.entry()] : null;
        if (body == null) {
            return UploadVerdict.ENTRY_NOT_GRANTED;
        }
        UploadVerdict verdict = body.accept(piece);
        if (verdict != UploadVerdict.ACCEPT) {
            return verdict;
        }
        lastProgressNs = nowNs;
        missingBytes -= piece.data().byteSize();
        return missingBytes == 0 ? UploadVerdict.COMPLETE : UploadVerdict.ACCEPT;
    }

    /**
     * Whether everything came; at once when nothing was wanted.
     *
     * @return true if no byte is missing
     */
    boolean isComplete() {
        return missingBytes == 0;
    }

    /**
     * Whether it came too slowly.
     *
     * @param nowNs the time
     * @return true if the sender should lose the memory
     */
    boolean isStalled(long nowNs) {
        return nowNs - lastProgressNs > pace.stallNs() || nowNs - deadlineNs > 0;
    }

    /**
     * The body of an entry.
     *
     * @param entry its index in the bundle
     * @return the body, or null if it was not wanted
     */
    @Nullable EntryBody body(int entry) {
        return bodies[entry];
    }

    /** Frees the memory and gives the reservation back; the second call does nothing. */
    void release() {
        if (!released) {
            released = true;
            arena.close();
            budget.release(reservedBytes);
        }
    }
}
