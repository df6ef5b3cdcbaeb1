package dev.moraine.storage.store;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.storage.segment.MappedRecord;
import dev.moraine.storage.segment.RecordType;
import dev.moraine.storage.segment.SegmentTable;
import dev.moraine.storage.store.BlobEntry.PairSlot;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Finds pairs without copying them: views of mapped segments, which stay mapped until the pair is released.
 *
 * <p>Threading: any number of threads; none waits for another or for the writer.
 */
final class MappedPairs {
    private static final int MAX_MOVES = 8;
    private static final PairLookup NOT_HELD = new PairLookup.NotHeld();
    private static final PairLookup QUARANTINED = new PairLookup.Quarantined();

    private final SegmentTable segments;
    private final SliverIndex index;
    private final SliverReader reader;

    /** The records of one pair, pinned together. */
    private final class Pins {
        private final List<MappedRecord> open = new ArrayList<>(3);
        private final AtomicBoolean closed = new AtomicBoolean();
        private boolean isGone;

        @Nullable MappedRecord open(BlobId id, int pairIndex, @Nullable RecordPlace place) {
            if (place == null) {
                return null;
            }
            MappedRecord record = new MappedRecord(segments);
            int state = record.open(place.segmentId(), place.offset(), place.lengthBytes());
            if (state == MappedRecord.WHOLE) {
                open.add(record);
                if (record.isOf(id.digest(), pairIndex)) {
                    return record;
                }
            }
            if (state == MappedRecord.GONE) {
                isGone = true;
            } else {
                reader.noteDamaged(id, place, null);
            }
            return null;
        }

        void close() {
            if (!closed.compareAndSet(false, true)) {
                throw new IllegalStateException("the pair was released before");
            }
            open.forEach(MappedRecord::close);
        }
    }

    /**
     * Finds pairs of a store.
     *
     * @param segments where the records are
     * @param index where everything is in them
     * @param reader notes what turns out to be damaged
     */
    MappedPairs(SegmentTable segments, SliverIndex index, SliverReader reader) {
        this.segments = segments;
        this.index = index;
        this.reader = reader;
    }

    /** As {@link SliverStore#findMapped}. */
    PairLookup find(BlobId id, int pairIndex, @Nullable Axis axis) {
        reader.checkOpen();
        for (int moves = 0; moves < MAX_MOVES; moves++) {
            BlobEntry entry = index.blob(id);
            PairSlot slot = entry.pair(pairIndex);
            RecordPlace primary = slot == null || axis == Axis.COLUMN ? null : slot.primary();
            RecordPlace secondary = slot == null || axis == Axis.ROW ? null : slot.secondary();
            if (entry.metadata() == null
                    || (primary == null && axis != Axis.COLUMN)
                    || (secondary == null && axis != Axis.ROW)) {
                return NOT_HELD;
            }
            Pins pins = new Pins();
            StoredPair pair = null;
            try {
                pair = map(id, pairIndex, entry.metadata(), primary, secondary, pins);
                if (pair != null) {
                    return new PairLookup.Found(pair);
                }
            } finally {
                if (pair == null) {
                    pins.close();
                }
            }
            if (!pins.isGone) {
                return QUARANTINED;
            }
            reader.checkOpen();
        }
        return NOT_HELD;
    }

    private @Nullable StoredPair map(
            BlobId id,
            int pairIndex,
            @Nullable RecordPlace metadataPlace,
            @Nullable RecordPlace primary,
            @Nullable RecordPlace secondary,
            Pins pins) {
        MappedRecord metadata = pins.open(id, 0, metadataPlace);
        MappedRecord row = pins.open(id, pairIndex, primary);
        MappedRecord column =
                secondary != null && secondary.equals(primary) ? row : pins.open(id, pairIndex, secondary);
        if (metadata == null || (row == null && primary != null) || (column == null && secondary != null)) {
            return null;
        }
        MemorySegment memory = metadata.memory();
        return new StoredPair(
                pins::close,
                memory.asSlice(metadata.leadOffset(), metadata.leadBytes()),
                memory.asSlice(metadata.listOffset(), metadata.listBytes()),
                pairIndex,
                row == null ? null : line(row, Axis.ROW),
                column == null ? null : line(column, Axis.COLUMN));
    }

    private static StoredPair.Line line(MappedRecord record, Axis axis) {
        MemorySegment memory = record.memory();
        boolean isPair = record.type() == RecordType.PAIR;
        long treeBytes = isPair ? record.listBytes() / 2 : record.listBytes();
        boolean isSecond = isPair && axis == Axis.COLUMN;
        MemorySegment tree = memory.asSlice(record.listOffset() + (isSecond ? treeBytes : 0), treeBytes);
        return axis == Axis.ROW
                ? new StoredPair.Line(memory.asSlice(record.primaryOffset(), record.primaryBytes()), tree)
                : new StoredPair.Line(memory.asSlice(record.secondaryOffset(), record.secondaryBytes()), tree);
    }
}
