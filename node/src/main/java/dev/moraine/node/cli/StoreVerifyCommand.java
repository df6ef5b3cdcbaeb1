package dev.moraine.node.cli;

import dev.moraine.storage.segment.DamagedRange;
import dev.moraine.storage.store.StoreTool;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Checks everything in a store. */
@Command(
        name = "verify",
        description = {
            "Recovers the store in DIR as a start of its node would, checks every record, and hashes every",
            "sliver up to its root. The exit status is 0 if all is whole, 1 if something is damaged."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: moraine store verify DIR"})
final class StoreVerifyCommand implements Callable<Integer> {
    @Mixin
    private final StoreFolder store = new StoreFolder();

    /** What {@code --json} prints. */
    private record Output(
            boolean whole, StoreHealthText store, long readBytes, long tornRecords, List<DamagedRange> damagedRanges) {}

    @Override
    public Integer call() throws CommandFailedException {
        StoreTool.Verification found = store.use(tool -> tool.verify(store.progress("MiB read", 1 << 20)));
        StoreHealthText health = StoreHealthText.of(found.health());
        StringBuilder text = new StringBuilder(health.text());
        found.damagedRanges().forEach(range -> text.append("\ndamaged: ")
                .append(range.lengthBytes())
                .append(" bytes at ")
                .append(range.offset())
                .append(" of ")
                .append(range.file()));
        text.append(found.isWhole() ? "\nwhole" : "\nDAMAGED: its node serves the rest, and repairs it from others");
        store.print(
                new Output(found.isWhole(), health, found.readBytes(), found.tornRecords(), found.damagedRanges()),
                text.toString());
        return found.isWhole() ? 0 : 1;
    }
}
