package dev.moraine.storage.segment;

import dev.moraine.storage.disk.Disk;
import dev.moraine.storage.disk.DiskFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks at the segments of a folder without changing anything, whosever they are. */
public final class SegmentFolder {
    private SegmentFolder() {}

    /**
     * What one segment holds.
     *
     * @param file the full path
     * @param header what it says about itself
     * @param usedBytes how far records reach
     * @param records how many records there are of each type, whole headers only
     * @param gaps how many places hold something that is no record any more
     */
    public record Summary(
            String file, SegmentHeader header, long usedBytes, Map<RecordType, Long> records, int gaps) {}

    /**
     * The files of a folder that are segments.
     *
     * @param disk the folder
     * @return their ids, in order
     * @throws IOException if the folder cannot be read
     */
    public static List<Long> ids(Disk disk) throws IOException {
        List<Long> ids = new ArrayList<>();
        for (String name : disk.list()) {
            SegmentDescriptor.segmentIdOf(name).ifPresent(ids::add);
        }
        return ids;
    }

    /**
     * What a segment says about itself.
     *
     * @param disk the folder
     * @param segmentId which segment
     * @return its header, or null if both copies are damaged
     * @throws IOException if it cannot be read
     */
    public static @Nullable SegmentHeader header(Disk disk, long segmentId) throws IOException {
        try (DiskFile file = disk.open(SegmentDescriptor.fileName(segmentId))) {
            SegmentHeader first = SegmentHeader.decode(Segment.readHeader(file, 0));
            return first != null
                    ? first
                    : SegmentHeader.decode(Segment.readHeader(file, SegmentDescriptor.SECOND_HEADER_OFFSET));
        }
    }

    /**
     * Goes through the headers of a segment's records.
     *
     * @param disk the folder
     * @param header what the segment says about itself
     * @return what it holds
     * @throws SegmentRefusedException if it must not be read
     * @throws IOException if it cannot be read
     */
    public static Summary summary(Disk disk, SegmentHeader header) throws IOException {
        try (Segment segment = Segment.open(disk, header.segmentId(), header.deploymentId())) {
            SegmentScan scan = SegmentScanner.scanHeaders(segment);
            Map<RecordType, Long> counts = new EnumMap<>(RecordType.class);
            for (SegmentScan.Found record : scan.records()) {
                counts.merge(record.header().type(), 1L, Long::sum);
            }
            return new Summary(segment.path(), header, scan.recordsEnd(), counts, scan.gaps().size());
        }
    }
}
