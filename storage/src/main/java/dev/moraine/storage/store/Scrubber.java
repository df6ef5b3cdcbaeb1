package dev.moraine.storage.store;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.blob.SymbolTree;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerkleTree;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.storage.segment.RecordHeader;
import dev.moraine.storage.segment.RecordType;
import dev.moraine.storage.segment.Segment;
import dev.moraine.storage.segment.SegmentTable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads everything in finished segments again and again, whether anybody asks for it or not: checks every record, and
 * hashes slivers up to the roots in their metadata. What is wrong is quarantined and waits for repair. Owned by one
 * thread.
 */
final class Scrubber {
    private final SegmentTable segments;
    private final SliverIndex index;
    private final SliverReader reader;
    private final Queue<RecordHeader> records = new ArrayDeque<>();
    private final boolean includesLast;
    private long segmentId;
    private final AtomicLong scrubbedBytes = new AtomicLong();
    private final AtomicLong rounds = new AtomicLong();

    /**
     * A scrubber at the beginning.
     *
     * @param segments what is scrubbed
     * @param index what points into them
     * @param reader reads, and notes what is wrong
     * @param includesLast whether the last segment is scrubbed too, to which nothing is appended then
     */
    Scrubber(SegmentTable segments, SliverIndex index, SliverReader reader, boolean includesLast) {
        this.segments = segments;
        this.index = index;
        this.reader = reader;
        this.includesLast = includesLast;
    }

    /**
     * Scrubs the next record.
     *
     * @return how many bytes were read
     */
    long step() {
        RecordHeader header = records.poll();
        if (header == null) {
            return nextSegment();
        }
        Segment segment = segments.pin(segmentId);
        if (segment == null) {
            records.clear();
            return 0;
        }
        try {
            scrub(segment, header);
        } finally {
            segment.unpin();
        }
        scrubbedBytes.addAndGet(header.layout().lengthBytes());
        return header.layout().lengthBytes();
    }

    private long nextSegment() {
        List<Segment> all = segments.all();
        Segment next = null;
        for (int i = 0; i < all.size() - (includesLast ? 0 : 1) && next == null; i++) {
            if (all.get(i).header().segmentId() > segmentId) {
                next = all.get(i);
            }
        }
        if (next == null) {
            if (segmentId != 0) {
                rounds.incrementAndGet();
            }
            segmentId = 0;
            return 0;
        }
        segmentId = next.header().segmentId();
        if (next.tryPin()) {
            try {
                records.addAll(next.headers());
            } catch (IOException e) {
                reader.noteUnreadable(next, e);
            } finally {
                next.unpin();
            }
        }
        return 1;
    }

    private void scrub(Segment segment, RecordHeader header) {
        BlobId id = new BlobId(header.blobId());
        RecordPlace place = RecordPlace.of(segment, header);
        if (header.type().isBookkeeping() || segment.isDamaged(header.offset())) {
            return;
        }
        boolean isWhole;
        try {
            isWhole = segment.isStillWhole(header.offset(), place.lengthBytes());
        } catch (IOException e) {
            isWhole = false;
        }
        if (!isWhole) {
            if (header.type() == RecordType.CERTIFICATE) {
                reader.noteDamagedCertificate(place);
            } else {
                reader.noteDamaged(id, place, null);
            }
        } else if (isInIndex(id, header, place)) {
            hash(id, header, place);
        }
    }

    private boolean isInIndex(BlobId id, RecordHeader header, RecordPlace place) {
        BlobEntry.PairSlot slot = index.blob(id).pair(header.pairIndex());
        return slot != null && (place.equals(slot.primary()) || place.equals(slot.secondary()));
    }

    private void hash(BlobId id, RecordHeader header, RecordPlace place) {
        for (Axis axis : Axis.values()) {
            boolean holds = header.type() == RecordType.PAIR
                    || header.type() == (axis == Axis.ROW ? RecordType.PRIMARY : RecordType.SECONDARY);
            if (holds && reader.find(id, header.pairIndex(), axis) instanceof PairLookup.Found found) {
                try (StoredPair pair = found.pair()) {
                    BlobMetadata metadata = reader.metadata(id);
                    if (metadata != null && !isRight(pair, axis, metadata)) {
                        reader.noteDamaged(id, place, null);
                    }
                }
            }
        }
    }

    /** Hashes the stored symbols and the tree over all symbol roots; the others' roots are right if its root is. */
    private static boolean isRight(StoredPair pair, Axis axis, BlobMetadata metadata) {
        boolean isRow = axis == Axis.ROW;
        Geometry geometry = metadata.geometry();
        MemorySegment sliver = isRow ? pair.primary() : pair.secondary();
        byte[] symbolRoots =
                (isRow ? pair.rowSymbolRoots() : pair.columnSymbolRoots()).toArray(ValueLayout.JAVA_BYTE);
        int symbolBytes = metadata.header().symbolSizeBytes();
        int stored = isRow ? geometry.sourceColumns() : geometry.sourceRows();
        for (int i = 0; i < stored; i++) {
            Digest root = SymbolTree.root(sliver.asSlice((long) i * symbolBytes, symbolBytes));
            if (!root.equals(Digest.of(symbolRoots, i * Digest.BYTES))) {
                return false;
            }
        }
        MerkleTree tree = MerkleTree.ofLeafHashes(symbolRoots);
        Digest expected = isRow ? metadata.rowRoot(pair.pairIndex()) : metadata.columnRoot(pair.pairIndex());
        return tree.root().equals(expected) && Arrays.equals(tree.nodes(), pair.tree(axis));
    }

    /** How much was read. Any thread. */
    long scrubbedBytes() {
        return scrubbedBytes.get();
    }

    /** How often everything was read. Any thread. */
    long rounds() {
        return rounds.get();
    }
}
