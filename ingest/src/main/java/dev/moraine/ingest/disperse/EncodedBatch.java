package dev.moraine.ingest.disperse;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.wire.message.Part;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A batch whose slivers are ready to be sent, with those who wait for its certificate.
 *
 * <p>The memory is reference counted, because frames that are on their way to a socket read it: {@link #retain()} and
 * {@link #release()} may be called by any thread, and the last release gives the memory back. It begins with one
 * reference, which belongs to the dispersal. Everything else belongs to the dispersal's thread.
 */
public final class EncodedBatch {
    private final BundleEntry entry;
    private final SliverLayout layout;
    private final MemorySegment memory;
    private final Runnable whenUnused;
    private final AtomicInteger references = new AtomicInteger(1);
    private final List<CompletionHandler> waiting = new ArrayList<>(1);
    private int attempts;

    /**
     * Takes over an encoded batch.
     *
     * @param entry the batch's entry of a bundle
     * @param layout where its parts lie
     * @param memory matrix, secondary slivers and metadata, all written
     * @param handler who wants the certificate
     * @param whenUnused gives the memory back, run once by the thread of the last release
     */
    public EncodedBatch(
            BundleEntry entry,
            SliverLayout layout,
            MemorySegment memory,
            CompletionHandler handler,
            Runnable whenUnused) {
        this.entry = entry;
        this.layout = layout;
        this.memory = memory;
        this.whenUnused = whenUnused;
        waiting.add(handler);
    }

    /** {@return the batch's entry} */
    public BundleEntry entry() {
        return entry;
    }

    /** {@return the id of the batch's blob} */
    public BlobId id() {
        return entry.blobId();
    }

    /**
     * What a node gets of this batch.
     *
     * @param shards how many shards it holds
     * @return bytes of slivers and metadata
     */
    long bytesFor(int shards) {
        return layout.nodeBytes(shards);
    }

    /**
     * The bytes of a part; the caller holds a reference as long as it reads them.
     *
     * @param part which part
     * @param pairIndex the pair; the metadata is the same for all
     * @return a view
     */
    MemorySegment part(Part part, int pairIndex) {
        return switch (part) {
            case METADATA -> layout.metadata(memory);
            case PRIMARY -> layout.primary(memory, pairIndex);
            case SECONDARY -> layout.secondary(memory, pairIndex);
        };
    }

    /** Takes a reference; the caller already holds one, or knows who does. */
    void retain() {
        int before = references.getAndIncrement();
        if (before <= 0) {
            throw new IllegalStateException("the memory of blob " + id() + " was given back already");
        }
    }

    /** Gives a reference back. */
    public void release() {
        int left = references.decrementAndGet();
        if (left == 0) {
            whenUnused.run();
        } else if (left < 0) {
            throw new IllegalStateException("the memory of blob " + id() + " was given back twice");
        }
    }

    /**
     * Lets those who wait for another batch of the same entry wait for this one.
     *
     * @param same the batch that will not be dispersed
     */
    void attach(EncodedBatch same) {
        waiting.addAll(same.waiting);
        same.waiting.clear();
    }

    /**
     * Counts a dispersal of this batch.
     *
     * @return how many there were, this one included
     */
    int countAttempt() {
        return ++attempts;
    }

    /** {@return how many bundles have contained this batch} */
    int attempts() {
        return attempts;
    }

    /**
     * Answers everybody who waits; nobody does afterwards.
     *
     * @param certificate the certificate
     */
    void certified(BlobCertificate certificate) {
        List<CompletionHandler> answered = List.copyOf(waiting);
        waiting.clear();
        answered.forEach(handler -> handler.onCertified(certificate));
    }

    /**
     * Answers everybody who waits; nobody does afterwards.
     *
     * @param failure why there is no certificate
     */
    void failed(BatchFailure failure) {
        List<CompletionHandler> answered = List.copyOf(waiting);
        waiting.clear();
        answered.forEach(handler -> handler.onFailed(failure));
    }
}
