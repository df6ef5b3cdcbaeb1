package dev.moraine.storage.segment;

import dev.moraine.storage.segment.SegmentScan.Found;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the last segment fit to be appended to again.
 *
 * <p>Everything before the highest forced mark is left alone, damaged or not. Behind it are the records of the last
 * batch, of which nobody knows whether they were forced:
 *
 * <ul>
 *   <li>Whole records stay, also behind torn ones, and are written once more to the same place. After a failed force
 *       the system may show bytes that are not on the disk, and call the next force a success; a write makes them due
 *       again.
 *   <li>What is torn between whole records is covered by a {@link RecordType#FILLER}.
 *   <li>The rest of the file is zeroed, so that no record of before the crash can appear behind a new one.
 * </ul>
 *
 * Then all of it is forced. A crash in between changes nothing: the same is done again at the next start, and the
 * file stays as long as it is.
 *
 * <p>Owned by one thread, used once.
 */
final class SegmentRecovery {
    private static final int COPY_BYTES = 1 << 20;

    private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[COPY_BYTES]).asReadOnly();

    private final Segment segment;
    private final SegmentScan scan;
    private final long mark;
    private final MemorySegment buffer;
    private final List<Found> kept = new ArrayList<>();
    private boolean dirty;
    private int tornRecords;

    /**
     * Prepares the recovery.
     *
     * @param segment the last segment
     * @param scan what it holds, with contents checked
     */
    SegmentRecovery(Segment segment, SegmentScan scan) {
        this.segment = segment;
        this.scan = scan;
        this.mark = scan.forcedMark();
        this.buffer = MemorySegment.ofArray(new byte[(int) Math.min(COPY_BYTES, segment.header().capacityBytes())]);
    }

    /**
     * Does it.
     *
     * @return the writer that goes on behind the kept records
     * @throws IOException if the segment cannot be written or forced
     */
    SegmentWriter recover() throws IOException {
        long end = SegmentDescriptor.DATA_OFFSET;
        long contentEnd = end;
        long previousOffset = 0;
        for (Found record : scan.records()) {
            RecordHeader header = record.header();
            if (header.offset() >= mark) {
                if (!record.intact()) {
                    tornRecords++;
                    continue;
                }
                long holeStart = Math.max(end, mark);
                if (holeStart < header.offset()) {
                    fill(holeStart, header.offset(), previousOffset);
                }
                rewrite(header);
            }
            kept.add(record);
            end = header.end();
            previousOffset = header.offset();
            contentEnd = header.type().isBookkeeping() ? contentEnd : end;
        }
        zeroFrom(Math.max(end, mark));
        if (dirty) {
            segment.file().force(true);
        }
        long capacity = segment.header().capacityBytes();
        long position = Math.min(capacity, SegmentDescriptor.pageAligned(Math.max(end, mark)));
        return new SegmentWriter(segment, position, previousOffset, mark, contentEnd);
    }

    /** The records that are left, in the order of the file. */
    List<Found> kept() {
        return kept;
    }

    /** The position before which nothing can have been torn by a crash. */
    long mark() {
        return mark;
    }

    /** How many records with a whole header were given up. */
    int tornRecords() {
        return tornRecords;
    }

    private void fill(long from, long to, long previousOffset) throws IOException {
        RecordLayout layout = new RecordLayout(0, 0, to - from - RecordDescriptor.HEADER_BYTES, 0);
        RecordHeader filler = new RecordHeader(
                RecordType.FILLER, RecordHeader.NO_BLOB, 0, 0, layout, from, mark, previousOffset, 0);
        MemorySegment head = MemorySegment.ofArray(new byte[RecordDescriptor.HEADER_BYTES]);
        filler.encode(head, segment.header());
        RecordChecksum crc = RecordHeader.beginRecordCrc(head);
        buffer.fill((byte) 0);
        for (long left = layout.primaryBytes(); left > 0; left -= Math.min(left, buffer.byteSize())) {
            crc.add(buffer.asSlice(0, Math.min(left, buffer.byteSize())));
        }
        RecordHeader.seal(head, crc.value());
        Segment.fillWithZeros(segment.file(), from + RecordDescriptor.HEADER_BYTES, to);
        segment.file().write(from, head);
        dirty = true;
    }

    private void rewrite(RecordHeader header) throws IOException {
        for (long position = header.offset(); position < header.end(); position += buffer.byteSize()) {
            MemorySegment part = buffer.asSlice(0, Math.min(buffer.byteSize(), header.end() - position));
            segment.file().read(position, part);
            segment.file().write(position, part);
        }
        dirty = true;
    }

    private void zeroFrom(long from) throws IOException {
        long capacity = segment.header().capacityBytes();
        long size = Math.min(capacity, segment.file().sizeBytes());
        for (long position = from; position < size; position += buffer.byteSize()) {
            MemorySegment part = buffer.asSlice(0, Math.min(buffer.byteSize(), size - position));
            segment.file().read(position, part);
            if (!isZero(part)) {
                part.fill((byte) 0);
                segment.file().write(position, part);
                dirty = true;
            }
        }
        if (size < capacity) {
            Segment.fillWithZeros(segment.file(), size, capacity);
            dirty = true;
        }
    }

    private static boolean isZero(MemorySegment bytes) {
        long length = bytes.byteSize();
        return MemorySegment.mismatch(bytes, 0, length, ZEROS, 0, length) < 0;
    }
}
