package dev.moraine.benchmarks.sampling;

import dev.moraine.benchmarks.report.Machine;
import dev.moraine.benchmarks.report.Report;
import dev.moraine.benchmarks.report.Row;
import dev.moraine.benchmarks.report.SvgPlot;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./moraine bench sampling}: symbols over the network, whole reads, and what a light client spends. */
@Command(
        name = "sampling",
        description = "Measures samples against an echo over the same transport, whole reads against hashing, and "
                + "what verifying samples costs.",
        mixinStandardHelpOptions = true)
public final class SamplingBench implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--json", description = "Print one JSON object instead of the table.")
    private boolean json;

    @Option(names = "--short", description = "Few short runs.")
    private boolean shortRun;

    @Option(
            names = "--results",
            paramLabel = "FOLDER",
            description = "Where table, JSON and plot go (default: benchmarks/results of the checkout, of a short run "
                    + "benchmarks/target/results).")
    private @Nullable Path results;

    @Override
    public Integer call() throws Exception {
        Machine machine = Machine.here();
        int rounds = shortRun ? 3 : 9;
        long millis = shortRun ? 1_000 : 3_000;
        Path folder = Files.createTempDirectory("moraine-bench-sampling");
        List<Row> rows = new ArrayList<>();
        try {
            rows.add(show(VerificationRuns.measure(rounds)));
            new SymbolRuns(folder.resolve("warm"), rounds, millis).measure().forEach(row -> rows.add(show(row)));
            new WholeReadRuns(folder.resolve("whole"), rounds, millis).measure().forEach(row -> rows.add(show(row)));
        } finally {
            delete(folder);
        }
        publish(new Report(machine, commandLine(), List.of(), rows, SamplingBars.of(rows)));
        return 0;
    }

    private String commandLine() {
        return "./moraine bench sampling" + (shortRun ? " --short" : "");
    }

    private Row show(Row row) {
        if (!json) {
            PrintWriter out = spec.commandLine().getOut();
            out.printf("%-30s %-28s %,14.1f %s%n", row.what(), row.who(), row.median(), row.unit());
            out.flush();
        }
        return row;
    }

    private void publish(Report report) throws IOException {
        Path folder = resultsFolder();
        Files.createDirectories(folder);
        String table = report.toMarkdown("Sampling and reading");
        Files.writeString(folder.resolve("sampling.md"), table);
        Files.writeString(folder.resolve("sampling.json"), report.toJson() + "\n");
        List<SvgPlot.Panel> panels = new ArrayList<>();
        for (String what : List.of(SamplingBars.SINGLE, SamplingBars.MANY, SamplingBars.P99)) {
            panels.add(new SvgPlot.Panel(
                    what,
                    report.rows().stream().filter(row -> row.what().equals(what)).toList()));
        }
        String title = "Median; " + report.machine().describe();
        Files.writeString(folder.resolve("sampling.svg"), SvgPlot.draw(title, panels));
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? report.toJson() : table);
        out.flush();
    }

    private Path resultsFolder() {
        Path given = results;
        if (given != null) {
            return given;
        }
        Path module = Path.of(System.getProperty("moraine.home", "."), "benchmarks");
        return shortRun ? module.resolve("target").resolve("results") : module.resolve("results");
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : all) {
                Files.delete(file);
            }
        }
    }
}
