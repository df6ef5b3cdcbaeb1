package dev.moraine.benchmarks.report;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where tables, JSON and plots go. */
public final class ResultsFolder {
    private ResultsFolder() {}

    /**
     * The folder for a run: only a full one may replace the results that the checkout keeps.
     *
     * @param given what the user asked for, or null
     * @param full whether everything is measured, at full length
     * @return the folder, which may not exist yet
     */
    public static Path of(@Nullable Path given, boolean full) {
        if (given != null) {
            return given;
        }
        Path module = Path.of(System.getProperty("moraine.home", "."), "benchmarks");
        return full ? module.resolve("results") : module.resolve("target").resolve("results");
    }
}
