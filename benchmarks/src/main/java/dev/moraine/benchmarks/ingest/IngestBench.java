package dev.moraine.benchmarks.ingest;

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

/** {@code ./moraine bench ingest}: from a batch to its certificate, with nodes and gateway as processes. */
@Command(
        name = "ingest",
        description = "Measures the write path with nodes and gateway as processes on this machine.",
        mixinStandardHelpOptions = true)
public final class IngestBench implements Callable<Integer> {
    private static final String DEFAULT_SIZES = "128k,1m";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--nodes", description = "Nodes of one shard each (default: ${DEFAULT-VALUE}).")
    private int nodes = 7;

    @Option(
            names = "--rate",
            description = "Batches a second of the open loop (default: half of what the saturated run reached).")
    private double rate;

    @Option(
            names = "--sizes",
            description = "Bytes of the saturated and open-loop batches, which take turns, with k and m for KiB and MiB,"
                    + " or real:FOLDER for the files of a folder (default: ${DEFAULT-VALUE}).")
    private String sizes = DEFAULT_SIZES;

    @Option(names = "--duration", description = "Seconds of each phase under load (default: ${DEFAULT-VALUE}).")
    private double seconds = 60;

    @Option(names = "--short", description = "Few seconds a phase: a try, not a measurement.")
    private boolean shortRun;

    @Option(names = "--json", description = "Print one JSON object instead of the table.")
    private boolean json;

    @Option(
            names = "--results",
            paramLabel = "FOLDER",
            description = "Where table, JSON and plot go (default: benchmarks/results of the checkout for a full run,"
                    + " benchmarks/target/results for others).")
    private @Nullable Path results;

    @Override
    public Integer call() throws IOException {
        Machine machine = Machine.here();
        IngestRun.Plan plan = shortRun
                ? new IngestRun.Plan(nodes, rate, IngestRun.parseSizes(sizes), 4, 300, 150)
                : new IngestRun.Plan(nodes, rate, IngestRun.parseSizes(sizes), seconds, 3_000, 2_000);
        Path folder = Files.createTempDirectory(scratch(), "ingest");
        try {
            IngestRun run = new IngestRun(plan, folder, this::show);
            List<Row> rows = run.measure();
            publish(new Report(machine, commandLine(), run.notes(), rows, IngestBars.of(rows)));
        } finally {
            Files.deleteIfExists(folder);
        }
        return 0;
    }

    /** On the disk of the checkout: a folder for temporary files may be memory, which syncs for nothing. */
    private static Path scratch() throws IOException {
        Path target = Path.of(System.getProperty("moraine.home", "."), "benchmarks", "target");
        return Files.createDirectories(target);
    }

    private boolean isFull() {
        return !shortRun && nodes == 7 && rate == 0 && sizes.equals(DEFAULT_SIZES) && seconds >= 60;
    }

    private String commandLine() {
        String command = "./moraine bench ingest --nodes " + nodes + " --sizes " + sizes;
        if (rate > 0) {
            command += " --rate " + rate;
        }
        return command + (shortRun ? " --short" : " --duration " + seconds);
    }

    private void show(Row row) {
        if (!json) {
            PrintWriter out = spec.commandLine().getOut();
            out.printf("%-56s %-18s %-32s %,.2f %s%n", row.what(), row.who(), row.params(), row.median(), row.unit());
            out.flush();
        }
    }

    private void publish(Report report) throws IOException {
        Path target = ResultsFolder.of(results, isFull());
        Files.createDirectories(target);
        String table = report.toMarkdown("Write path");
        Files.writeString(target.resolve("ingest.md"), table);
        Files.writeString(target.resolve("ingest.json"), report.toJson() + "\n");
        List<SvgPlot.Panel> panels = new ArrayList<>();
        for (String unit : List.of("ms", "MB/s")) {
            List<Row> shown = report.rows().stream()
                    .filter(row -> row.unit().equals(unit) && row.median() > 0)
                    .map(row -> new Row(
                            row.what(),
                            unit.equals("ms") ? row.what() : row.who(),
                            row.params(),
                            row.unit(),
                            row.median(),
                            row.min(),
                            row.max(),
                            row.runs()))
                    .toList();
            panels.add(new SvgPlot.Panel(unit.equals("ms") ? "Latency" : "Certified", shown));
        }
        String title = "Write path; " + report.machine().describe();
        Files.writeString(target.resolve("ingest.svg"), SvgPlot.draw(title, panels));
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? report.toJson() : table);
        out.flush();
    }
}
