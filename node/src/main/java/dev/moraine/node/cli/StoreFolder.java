package dev.moraine.node.cli;

import dev.moraine.storage.store.StoreException;
import dev.moraine.storage.store.StoreTool;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What the commands about a store have in common: its folder, the form of the output, and progress. */
final class StoreFolder {
    private static final long PROGRESS_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "The folder of the store.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private Path folder;

    @Option(names = "--json", description = "Print one JSON object, and no progress.")
    private boolean isJson;

    /** Uses a store. */
    @FunctionalInterface
    interface Use<T> {
        /**
         * Does it.
         *
         * @param tool the store
         * @return what came out
         * @throws StoreException if it cannot be done
         */
        T on(StoreTool tool) throws StoreException;
    }

    /**
     * Uses the store of the folder.
     *
     * @param use what to do
     * @return what came out
     * @throws CommandFailedException if it cannot be done
     */
    <T> T use(Use<T> use) throws CommandFailedException {
        try {
            return use.on(new StoreTool(folder));
        } catch (StoreException | IllegalArgumentException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Shows now and then how far something is.
     *
     * @param what what is counted
     * @param unit what the count is divided by
     * @return is told of the count
     */
    LongConsumer progress(String what, long unit) {
        long[] nextNs = {System.nanoTime() + PROGRESS_INTERVAL_NS};
        return count -> {
            if (!isJson && System.nanoTime() - nextNs[0] >= 0) {
                nextNs[0] = System.nanoTime() + PROGRESS_INTERVAL_NS;
                spec.commandLine().getErr().println("  " + count / unit + " " + what);
            }
        };
    }

    /**
     * Prints what came out.
     *
     * @param json for machines
     * @param text for people
     */
    void print(Object json, String text) {
        spec.commandLine().getOut().println(isJson ? JsonText.of(json) : text);
    }

    /**
     * The folder.
     *
     * @return as it was given
     */
    Path folder() {
        return folder;
    }
}
