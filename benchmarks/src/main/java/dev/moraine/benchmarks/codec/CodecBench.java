package dev.moraine.benchmarks.codec;

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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code ./moraine bench codec}: encode, reconstruct and blob matrix, with every coder in a process of its own.
 */
@Command(
        name = "codec",
        description = "Measures the erasure coder, with --peers beside other people's.",
        mixinStandardHelpOptions = true)
public final class CodecBench implements Callable<Integer> {
    private static final CodecRun.Plan SHORT = new CodecRun.Plan(List.of(1, 64), List.of(1), 3, 20, 20);
    private static final int WARM_UP_MILLIS = 100;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--peers", description = "Measure klauspost/reedsolomon, reed-solomon-simd and ISA-L too.")
    private boolean peers;

    @Option(names = "--json", description = "Print one JSON object instead of the table.")
    private boolean json;

    @Option(names = "--short", description = "One thread, few short runs: a try, not a measurement.")
    private boolean shortRun;

    @Option(names = "--rounds", description = "Runs at 1 MiB, two thirds of it above (default: ${DEFAULT-VALUE}).")
    private int rounds = 7;

    @Option(names = "--sizes", split = ",", description = "MiB of data (default: ${DEFAULT-VALUE}).")
    private List<Integer> sizes = List.of(1, 64);

    @Option(names = "--threads", split = ",", description = "Threads at once (default: ${DEFAULT-VALUE}).")
    private List<Integer> threadCounts = List.of(1, 2);

    @Option(names = "--millis", description = "Length of a run (default: ${DEFAULT-VALUE}).")
    private int millis = 60;

    @Option(
            names = "--results",
            paramLabel = "FOLDER",
            description = "Where table, JSON and plot go (default: benchmarks/results of the checkout for a full run"
                    + " with peers, benchmarks/target/results for others).")
    private @Nullable Path results;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("moraine.home", "."));
        Path target = home.resolve("benchmarks/target/peers");
        Files.createDirectories(target);
        List<Coder> coders = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        Machine machine = Machine.here();
        try {
            coders.add(Coder.start(CodecBars.MORAINE, driverCommand(), target.resolve("moraine.log")));
            if (peers) {
                Peers built = Peers.start(home.resolve("benchmarks/peers"), target);
                coders.addAll(built.coders());
                skipped.addAll(built.skipped());
            }
            CodecRun run = new CodecRun(coders, plan(), this::show);
            List<Row> rows = run.measure();
            skipped.addAll(run.failures());
            publish(new Report(machine, commandLine(), skipped, rows, CodecBars.of(rows)));
        } finally {
            coders.forEach(Coder::close);
        }
        return 0;
    }

    private boolean isFull() {
        boolean allOfThem = sizes.containsAll(List.of(1, 64)) && threadCounts.containsAll(List.of(1, 2));
        return peers && !shortRun && allOfThem;
    }

    private CodecRun.Plan plan() {
        return shortRun ? SHORT : new CodecRun.Plan(sizes, threadCounts, rounds, millis, WARM_UP_MILLIS);
    }

    private void show(List<Row> measured) {
        if (json || measured.isEmpty()) {
            return;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%-22s", measured.getFirst().params());
        for (Row row : measured) {
            String name = row.who().equals(CodecBars.MORAINE) ? row.what() : row.who();
            out.printf("  %s %.2f", name, row.median());
        }
        out.println();
        out.flush();
    }

    private static List<String> driverCommand() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                // A thread waits for its code to be compiled, so that a warm-up is over after so many calls.
                "-Xbatch",
                "-Xms256m",
                "-cp",
                System.getProperty("java.class.path")));
        for (String property : System.getProperties().stringPropertyNames()) {
            if (property.startsWith("moraine.simd")) {
                command.add("-D" + property + "=" + System.getProperty(property));
            }
        }
        command.add(CodecDriver.class.getName());
        return command;
    }

    private String commandLine() {
        String command = "./moraine bench codec" + (peers ? " --peers" : "");
        if (shortRun) {
            return command + " --short";
        }
        return command + " --rounds " + rounds + " --millis " + millis + " --sizes " + listed(sizes) + " --threads "
                + listed(threadCounts);
    }

    private static String listed(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private void publish(Report report) throws IOException {
        Path folder = ResultsFolder.of(results, isFull());
        Files.createDirectories(folder);
        String table = report.toMarkdown("Erasure coder");
        Files.writeString(folder.resolve("codec.md"), table);
        Files.writeString(folder.resolve("codec.json"), report.toJson() + "\n");
        List<SvgPlot.Panel> panels = new ArrayList<>();
        for (int threads : plan().threadCounts()) {
            for (String what : List.of(CodecBars.ENCODE, CodecBars.RECONSTRUCT, CodecBars.BLOB_MATRIX)) {
                for (int mebibytes : plan().sizes()) {
                    String size = CodecBars.size(mebibytes, threads);
                    List<Row> shown = CodecBars.rowsWithParams(report.rows(), what, " " + size);
                    panels.add(new SvgPlot.Panel(what + " " + size, CodecBars.shapesOnly(shown)));
                }
            }
        }
        String title = "Data bytes coded, median; " + report.machine().describe();
        Files.writeString(folder.resolve("codec.svg"), SvgPlot.draw(title, panels));
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? report.toJson() : table);
        out.flush();
    }
}
