package dev.moraine.node.cli;

import dev.moraine.storage.store.StoreTool;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Builds the index of a store anew. */
@Command(
        name = "rebuild-index",
        description = {
            "Throws the index of the store in DIR away and builds it from the segments."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: moraine store rebuild-index DIR"})
final class StoreRebuildIndexCommand implements Callable<Integer> {
    @Mixin
    private final StoreFolder store = new StoreFolder();

    @Override
    public Integer call() throws CommandFailedException {
        StoreHealthText health = StoreHealthText.of(store.use(StoreTool::rebuildIndex));
        store.print(health, health.text());
        return 0;
    }
}
