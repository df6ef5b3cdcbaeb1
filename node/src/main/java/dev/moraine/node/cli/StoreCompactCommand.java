package dev.moraine.node.cli;

import java.util.concurrent.Callable;
import org.agrona.concurrent.SystemNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Gives up what has expired. */
@Command(
        name = "compact",
        description = {
            "Deletes segments of the store in DIR whose blobs have expired, and copies what is kept out of those",
            "that are mostly dead."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: moraine store compact DIR --epoch 1200"})
final class StoreCompactCommand implements Callable<Integer> {
    @Mixin
    private final StoreFolder store = new StoreFolder();

    @Option(
            names = "--epoch",
            required = true,
            paramLabel = "E",
            description = "The current epoch. Blobs that expire before it are given up for ever.")
    private long epoch;

    @Override
    public Integer call() throws CommandFailedException {
        StoreHealthText health = StoreHealthText.of(store.use(
                tool -> tool.compact(epoch, SystemNanoClock.INSTANCE, store.progress("segments", 1))));
        store.print(health, health.text());
        return 0;
    }
}
