package dev.moraine.node.cli;

import dev.moraine.storage.segment.SegmentFolder;
import dev.moraine.storage.store.StoreTool;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the segments of a store. */
@Command(
        name = "describe",
        description = {
            "Lists the segments of the store in DIR and what they hold. Reads the headers of all records, and changes nothing."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: moraine store describe DIR"})
final class StoreDescribeCommand implements Callable<Integer> {
    @Mixin
    private final StoreFolder store = new StoreFolder();

    /** What {@code --json} prints. */
    private record Output(String deploymentId, List<SegmentText> segments, long indexBytes) {}

    /** One segment. */
    private record SegmentText(
            String file, long segmentId, long capacityBytes, long usedBytes, Map<String, Long> records, int gaps) {
        private static SegmentText of(SegmentFolder.Summary summary) {
            Map<String, Long> records = new TreeMap<>();
            summary.records().forEach((type, count) -> records.put(type.name(), count));
            return new SegmentText(
                    summary.file(),
                    summary.header().segmentId(),
                    summary.header().capacityBytes(),
                    summary.usedBytes(),
                    records,
                    summary.gaps());
        }

        private String text() {
            return file + ": " + usedBytes + " of " + capacityBytes + " bytes, " + records
                    + (gaps == 0 ? "" : ", " + gaps + " damaged places");
        }
    }

    @Override
    public Integer call() throws CommandFailedException {
        StoreTool.Description found = store.use(tool -> tool.describe(store.progress("segments", 1)));
        List<SegmentText> segments = found.segments().stream().map(SegmentText::of).toList();
        StringBuilder text = new StringBuilder("deployment " + found.deploymentId() + "\n");
        for (SegmentText segment : segments) {
            text.append(segment.text()).append('\n');
        }
        text.append(segments.size()).append(" segments, index ").append(found.indexBytes()).append(" bytes");
        store.print(new Output(found.deploymentId().toString(), segments, found.indexBytes()), text.toString());
        return 0;
    }
}
