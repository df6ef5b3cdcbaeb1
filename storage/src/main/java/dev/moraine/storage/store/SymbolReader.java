package dev.moraine.storage.store;

import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.storage.segment.MappedRecord;
import dev.moraine.storage.segment.RecordType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Answers symbols with their paths out of mapped segments: two records are looked up, their parts copied, and nothing is
 * hashed or allocated. The first read of a record checks it as a whole.
 *
 * <p>Threading: one reader for each thread, any number of readers for a store; none waits for another or for the
 * writer.
 */
public final class SymbolReader {
    /** Returned when nothing is held of which the symbol is a part. */
    public static final int NOT_HELD = -1;

    /** Returned when a record that is needed is damaged. */
    public static final int QUARANTINED = -2;

    /** Returned for a symbol that is no source symbol: its sliver is held, and the line must be extended for it. */
    public static final int NOT_STORED = -3;

    /** Returned when the target has no room for the answer. */
    public static final int TARGET_TOO_SHORT = -4;

    private static final int MAX_MOVES = 8;
    private static final int MOVED = -5;
    private static final MemorySegment NOWHERE = MemorySegment.ofArray(new byte[0]);

    private enum Wanted {
        ALL,
        PATHS,
        LENGTH
    }

    /** In encoded metadata, before the roots: shards u16, symbol size u32, big endian. */
    private static final ValueLayout.OfShort SHARDS = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final ValueLayout.OfInt SYMBOL_SIZE =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final SliverReader reader;
    private final SliverIndex index;
    private final SliverPlace place = new SliverPlace();
    private final MappedRecord metadata;
    private final MappedRecord slivers;

    /**
     * A reader of a store.
     *
     * @param reader notes what turns out to be damaged
     * @param index where everything is
     * @param metadata views metadata
     * @param slivers views slivers
     */
    SymbolReader(SliverReader reader, SliverIndex index, MappedRecord metadata, MappedRecord slivers) {
        this.reader = reader;
        this.index = index;
        this.metadata = metadata;
        this.slivers = slivers;
    }

    /**
     * Copies a symbol with its path in the canonical form of a symbol proof: symbol, path in the line, the other root of
     * the pair, path in the blob's tree.
     *
     * @param id the blob
     * @param pairIndex whose line it is: the row of the symbol for {@link Axis#ROW}, its column for
     *     {@link Axis#COLUMN}; any value
     * @param axis the line by which it is proved
     * @param symbol the place in the line, any value
     * @param target where the answer goes
     * @return the length of the answer, or one of the constants, all of which are negative
     * @throws IllegalStateException if the store is closed
     */
    public int read(BlobId id, int pairIndex, Axis axis, int symbol, MemorySegment target) {
        return answer(id, pairIndex, axis, symbol, target, Wanted.ALL);
    }

    /**
     * Copies what follows the symbol in the answer of {@link #read}: for a symbol of a line whose sliver is held, be it
     * stored or not.
     *
     * @param id the blob
     * @param pairIndex whose line it is
     * @param axis the line by which it is proved
     * @param symbol the place in the line
     * @param target where path, root and path go
     * @return the length of what was copied, or one of the constants but {@link #NOT_STORED}
     * @throws IllegalStateException if the store is closed
     */
    public int readPaths(BlobId id, int pairIndex, Axis axis, int symbol, MemorySegment target) {
        return answer(id, pairIndex, axis, symbol, target, Wanted.PATHS);
    }

    /**
     * How long the answer of {@link #read} would be.
     *
     * @param id the blob
     * @param pairIndex whose line it is
     * @param axis the line by which it is proved
     * @param symbol the place in the line
     * @return the length in bytes, or one of the constants but {@link #TARGET_TOO_SHORT}
     * @throws IllegalStateException if the store is closed
     */
    public int lengthBytes(BlobId id, int pairIndex, Axis axis, int symbol) {
        return answer(id, pairIndex, axis, symbol, NOWHERE, Wanted.LENGTH);
    }

    private int answer(BlobId id, int pairIndex, Axis axis, int symbol, MemorySegment target, Wanted wanted) {
        reader.checkOpen();
        for (int moves = 0; moves < MAX_MOVES; moves++) {
            if (!index.lookUp(id, pairIndex, axis, place)) {
                return NOT_HELD;
            }
            int answer = answerOnce(id, axis, pairIndex, symbol, target, wanted);
            if (answer != MOVED) {
                return answer;
            }
        }
        return NOT_HELD;
    }

    private int answerOnce(
            BlobId id, Axis axis, int pairIndex, int symbol, MemorySegment target, Wanted wanted) {
        int state = metadata.open(place.metadataSegmentId, place.metadataOffset, place.metadataLengthBytes);
        if (state != MappedRecord.WHOLE) {
            return failed(state, id, place.metadata());
        }
        try {
            if (metadata.type() != RecordType.METADATA || !metadata.isOf(id.digest(), 0)) {
                return failed(MappedRecord.DAMAGED, id, place.metadata());
            }
            state = slivers.open(place.segmentId, place.offset, place.lengthBytes);
            if (state != MappedRecord.WHOLE) {
                return failed(state, id, place.slivers());
            }
            try {
                if (!slivers.isOf(id.digest(), pairIndex)) {
                    return failed(MappedRecord.DAMAGED, id, place.slivers());
                }
                return copy(pairIndex, axis, symbol, target, wanted);
            } finally {
                slivers.close();
            }
        } catch (InternalError e) {
            // So the system says that a mapped page cannot be read, or that the file was made shorter.
            reader.noteDamaged(id, place.slivers(), e);
            return QUARANTINED;
        } finally {
            metadata.close();
        }
    }

    private int failed(int state, BlobId id, RecordPlace damaged) {
        if (state == MappedRecord.GONE) {
            return MOVED;
        }
        reader.noteDamaged(id, damaged, null);
        return QUARANTINED;
    }

    private int copy(int pairIndex, Axis axis, int symbol, MemorySegment target, Wanted wanted) {
        MemorySegment head = metadata.memory();
        MemorySegment body = slivers.memory();
        long lead = metadata.leadOffset();
        int shards = head.get(SHARDS, lead);
        int symbolBytes = head.get(SYMBOL_SIZE, lead + Short.BYTES);
        boolean isRow = axis == Axis.ROW;
        long sliverBytes = isRow ? slivers.primaryBytes() : slivers.secondaryBytes();
        if (symbol < 0 || symbol >= shards) {
            return NOT_HELD;
        }
        int copiedBytes = wanted == Wanted.PATHS ? 0 : symbolBytes;
        if (copiedBytes > 0 && (symbol + 1L) * symbolBytes > sliverBytes) {
            return NOT_STORED;
        }
        int linePathBytes = StoredTree.pathBytes(shards, symbol);
        int lengthBytes = Math.addExact(
                copiedBytes, linePathBytes + Digest.BYTES + StoredTree.pathBytes(shards, pairIndex));
        if (wanted == Wanted.LENGTH) {
            return lengthBytes;
        }
        if (target.byteSize() < lengthBytes) {
            return TARGET_TOO_SHORT;
        }
        long sliver = isRow ? slivers.primaryOffset() : slivers.secondaryOffset();
        if (copiedBytes > 0) {
            MemorySegment.copy(body, sliver + (long) symbol * symbolBytes, target, 0, copiedBytes);
        }
        boolean second = !isRow && slivers.type() == RecordType.PAIR;
        long tree = slivers.listOffset() + (second ? StoredTree.lengthBytes(shards) : 0);
        int done = copiedBytes;
        done += StoredTree.copyPath(body, tree, shards, symbol, target, done);
        long roots = lead + BlobHeader.ENCODED_BYTES + 2L * pairIndex * Digest.BYTES;
        MemorySegment.copy(head, isRow ? roots + Digest.BYTES : roots, target, done, Digest.BYTES);
        done += Digest.BYTES;
        done += StoredTree.copyPath(head, metadata.listOffset(), shards, pairIndex, target, done);
        return done;
    }
}
