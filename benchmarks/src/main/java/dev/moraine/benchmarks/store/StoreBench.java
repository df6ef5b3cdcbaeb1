package dev.moraine.benchmarks.store;

import dev.moraine.benchmarks.report.Machine;
import dev.moraine.benchmarks.report.Report;
import dev.moraine.benchmarks.report.ResultsFolder;
import dev.moraine.benchmarks.report.Row;
import dev.moraine.benchmarks.report.SvgPlot;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./moraine bench store}: the sliver store beside plain writes and RocksDB, in one folder. */
@Command(
        name = "store",
        description = "Measures the sliver store beside plain writes with fdatasync, and RocksDB.",
        mixinStandardHelpOptions = true)
public final class StoreBench implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--json", description = "Print one JSON object instead of the table.")
    private boolean json;

    @Option(names = "--short", description = "Few short runs and 100,000 blobs instead of a million.")
    private boolean shortRun;

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            description = "Where stores are made and deleted again (default: benchmarks/target/store).")
    private Path folder = Path.of(System.getProperty("moraine.home", "."), "benchmarks", "target", "store");

    @Option(
            names = "--results",
            paramLabel = "FOLDER",
            description = "Where table, JSON and plot go (default: benchmarks/results of the checkout for a full run,"
                    + " benchmarks/target/results for a short one).")
    private @Nullable Path results;

    /** Measures one thing. */
    private interface Run {
        List<Row> measure() throws Exception;
    }

    @Override
    public Integer call() throws Exception {
        Machine machine = Machine.here();
        List<Row> rows = new ArrayList<>();
        int rounds = shortRun ? 3 : 7;
        int scale = shortRun ? 4 : 6;
        AppendRuns appends = new AppendRuns(folder, rounds, scale);
        ReadRuns reads = new ReadRuns(folder, rounds);
        IndexRuns index = new IndexRuns(folder, shortRun ? 8 : 32);
        int manyBlobs = shortRun ? 100_000 : 1_000_000;
        List<Run> runs = List.of(
                appends::bundles,
                appends::groupCommit,
                appends::slivers,
                () -> reads.cold(1_000, shortRun ? 20_000 : 50_000),
                () -> reads.latency(31, 2_000),
                () -> reads.latency(100, 1_000),
                () -> reads.opening(manyBlobs / 10),
                () -> reads.opening(manyBlobs),
                index::foreign,
                index::lmdbjava,
                index::rocks);
        for (Run run : runs) {
            OpenStores.delete(folder);
            Files.createDirectories(folder);
            List<Row> measured = run.measure();
            rows.addAll(measured);
            show(measured);
        }
        OpenStores.delete(folder);
        publish(new Report(machine, commandLine(), List.of(), rows, StoreBars.of(rows)));
        return 0;
    }

    private String commandLine() {
        return "./moraine bench store" + (shortRun ? " --short" : "");
    }

    private void show(List<Row> measured) {
        if (!json) {
            PrintWriter out = spec.commandLine().getOut();
            for (Row row : measured) {
                out.printf("%-28s %-26s %-44s %,.2f %s%n", row.what(), row.who(), row.params(), row.median(), row.unit());
            }
            out.flush();
        }
    }

    private void publish(Report report) throws IOException {
        Path target = ResultsFolder.of(results, !shortRun);
        Files.createDirectories(target);
        String table = report.toMarkdown("Sliver store");
        Files.writeString(target.resolve("store.md"), table);
        Files.writeString(target.resolve("store.json"), report.toJson() + "\n");
        List<SvgPlot.Panel> panels = new ArrayList<>();
        for (String what : List.of(
                StoreBars.APPEND_BUNDLE,
                StoreBars.GROUP_COMMIT,
                StoreBars.APPEND_SLIVER,
                StoreBars.COLD_SYMBOL,
                StoreBars.INDEX_COMMIT,
                StoreBars.INDEX_GET)) {
            panels.add(new SvgPlot.Panel(
                    what,
                    report.rows().stream().filter(row -> row.what().equals(what)).toList()));
        }
        String title = "Per second, median; " + report.machine().describe();
        Files.writeString(target.resolve("store.svg"), SvgPlot.draw(title, panels));
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? report.toJson() : table);
        out.flush();
    }
}
