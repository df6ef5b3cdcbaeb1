package dev.moraine.storage.segment;

import dev.moraine.storage.disk.Disk;
import dev.moraine.storage.segment.SegmentLog.RecordVisitor;
import dev.moraine.storage.segment.SegmentScan.Found;
import dev.moraine.storage.segment.SegmentScan.Gap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one pass over all segments with which a log begins. Owned by one thread, used once. */
final class LogOpening {
    private final Disk disk;
    private final List<Segment> segments;
    private final RecordVisitor visitor;
    private final List<DamagedRange> damage = new ArrayList<>();
    private long damagedRanges;
    private long records;
    private long tornRecords;
    private @Nullable SegmentWriter writer;

    /**
     * Prepares the pass.
     *
     * @param disk where the segments are
     * @param segments the open segments, in the order of their ids
     * @param visitor is told of every record
     */
    LogOpening(Disk disk, List<Segment> segments, RecordVisitor visitor) {
        this.disk = disk;
        this.segments = segments;
        this.visitor = visitor;
    }

    /**
     * Does it.
     *
     * @throws IOException if reading or recovering fails
     */
    void run() throws IOException {
        long first = visitor.firstSegment(segments);
        for (int i = 0; i < segments.size() - 1; i++) {
            if (segments.get(i).header().segmentId() >= first) {
                readFinished(segments.get(i));
            } else {
                noteHeader(segments.get(i));
            }
        }
        for (String name : disk.list()) {
            if (SegmentDescriptor.isUnfinished(name)) {
                disk.delete(name);
            }
        }
        if (!segments.isEmpty()) {
            // The last segment may have been begun by a process that ended before its name was forced.
            disk.force();
            readLast(segments.getLast());
        }
    }

    private void readFinished(Segment segment) throws IOException {
        noteHeader(segment);
        SegmentScan scan = SegmentScanner.scanHeaders(segment);
        for (Gap gap : scan.gaps()) {
            note(segment, gap.start(), gap.end());
        }
        if (scan.dirtyEnd() > 0) {
            note(segment, scan.recordsEnd(), scan.dirtyEnd());
        }
        visit(segment, scan.records());
    }

    private void readLast(Segment segment) throws IOException {
        noteHeader(segment);
        SegmentScan scan = SegmentScanner.scanContents(segment);
        SegmentRecovery recovery = new SegmentRecovery(segment, scan);
        writer = recovery.recover();
        tornRecords += recovery.tornRecords();
        for (Gap gap : scan.gaps()) {
            if (wasForced(gap, recovery.mark())) {
                note(segment, gap.start(), gap.end());
            } else {
                tornRecords++;
            }
        }
        if (scan.dirtyEnd() > 0) {
            tornRecords++;
        }
        visit(segment, recovery.kept());
    }

    /**
     * Of a gap across the mark, the zeros with which a batch ends are no loss: what is missing was written behind
     * them.
     */
    private static boolean wasForced(Gap gap, long mark) {
        return gap.end() <= mark || SegmentDescriptor.pageAligned(gap.start()) < mark;
    }

    private void visit(Segment segment, List<Found> found) throws IOException {
        for (Found record : found) {
            RecordHeader header = record.header();
            if (!record.intact()) {
                note(segment, header.offset(), header.end());
            }
            if (!header.type().isBookkeeping()) {
                records += record.intact() ? 1 : 0;
                visitor.onRecord(segment, header, record.intact());
            }
        }
    }

    private void noteHeader(Segment segment) {
        if (segment.isHeaderDamaged()) {
            note(segment, 0, SegmentDescriptor.DATA_OFFSET);
        }
    }

    private void note(Segment segment, long start, long end) {
        damagedRanges++;
        if (damage.size() < LogRecovery.MAX_REPORTED_RANGES) {
            damage.add(new DamagedRange(segment.path(), start, end - start));
        }
    }

    /** What was found. */
    LogRecovery recovery() {
        return new LogRecovery(segments.size(), records, tornRecords, damagedRanges, damage);
    }

    /** The writer that goes on in the last segment, or null when there is no segment. */
    @Nullable SegmentWriter writer() {
        return writer;
    }
}
