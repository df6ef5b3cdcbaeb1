package dev.moraine.benchmarks.codec;

import dev.moraine.benchmarks.codec.Coder.Request;
import dev.moraine.benchmarks.report.Machine;
import dev.moraine.benchmarks.report.Ratio;
import dev.moraine.benchmarks.report.Report;
import dev.moraine.benchmarks.report.Row;
import dev.moraine.benchmarks.report.SvgPlot;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code ./moraine bench codec}: encode, reconstruct and blob matrix. All coders run in processes of their own and take
 * turns, round by round, so that whatever else the machine does falls on all of them.
 */
@Command(
        name = "codec",
        description = "Measures the erasure coder, with --peers beside other people's.",
        mixinStandardHelpOptions = true)
public final class CodecBench implements Callable<Integer> {
    private static final int[][] SHAPES = {
        {3, 4}, {5, 2}, {10, 4}, {11, 20}, {21, 10}, {34, 66}, {67, 33}, {66, 126}, {129, 63}, {128, 128}
    };
    private static final int[] MATRIX_SHARDS = {7, 31, 100};
    private static final int MIB = 1024 * 1024;
    private static final int WARM_UP_MILLIS = 300;
    private static final int MIN_WARM_UP_RUNS = 3;
    private static final int MAX_WARM_UP_RUNS = 30;

    /** A run that is not faster than the best one before by this factor ends the warm-up. */
    private static final double SETTLED = 1.05;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--peers", description = "Measure klauspost/reedsolomon, reed-solomon-simd and ISA-L too.")
    private boolean peers;

    @Option(names = "--json", description = "Print one JSON object instead of the table.")
    private boolean json;

    @Option(names = "--short", description = "1 MiB, one thread and few short runs: a try, not a measurement.")
    private boolean shortRun;

    @Option(names = "--rounds", description = "Runs of every coder on every shape (default: ${DEFAULT-VALUE}).")
    private int rounds = 7;

    @Option(names = "--millis", description = "Length of a run (default: ${DEFAULT-VALUE}).")
    private int millis = 150;

    @Option(
            names = "--results",
            paramLabel = "FOLDER",
            description = "Where table, JSON and plot go (default: benchmarks/results of the checkout).")
    private Path results = Path.of(System.getProperty("moraine.home", "."), "benchmarks", "results");

    private final List<Row> rows = new ArrayList<>();

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
            measureAll(coders);
        } finally {
            coders.forEach(Coder::close);
        }
        List<Ratio> ratios = CodecBars.of(rows);
        publish(new Report(machine, commandLine(), skipped, rows, ratios));
        return 0;
    }

    private void measureAll(List<Coder> coders) throws IOException {
        int[] sizes = shortRun ? new int[] {1} : new int[] {1, 64};
        int[] threadCounts = shortRun ? new int[] {1} : new int[] {1, 2};
        for (int threads : threadCounts) {
            for (int mebibytes : sizes) {
                for (int[] shape : SHAPES) {
                    long shardBytes = Math.ceilDiv((long) mebibytes * MIB / shape[0], 64L) * 64;
                    String params = CodecBars.params(shape[0], shape[1], mebibytes, threads);
                    int most = Math.min(shape[0], shape[1]);
                    measure(coders, CodecBars.ENCODE, params, request("encode", shape, shardBytes, threads, 0));
                    measure(
                            coders,
                            CodecBars.RECONSTRUCT,
                            params,
                            request("reconstruct", shape, shardBytes, threads, most));
                    measure(
                            coders,
                            CodecBars.RECONSTRUCT_ONE,
                            params,
                            request("reconstruct", shape, shardBytes, threads, 1));
                }
                List<Coder> own = coders.subList(0, 1);
                for (int shards : MATRIX_SHARDS) {
                    String params = CodecBars.matrixParams(shards, mebibytes, threads);
                    Request request = new Request("matrix", shards, 0, (long) mebibytes * MIB, threads, 0);
                    measure(own, CodecBars.BLOB_MATRIX, params, request);
                }
                String params = CodecBars.copyParams(mebibytes, threads);
                measure(own, CodecBars.COPY, params, new Request("copy", 0, 0, (long) mebibytes * MIB, threads, 0));
            }
        }
    }

    private static Request request(String operation, int[] shape, long shardBytes, int threads, int lost) {
        return new Request(operation, shape[0], shape[1], shardBytes, threads, lost);
    }

    private void measure(List<Coder> coders, String what, String params, Request request) throws IOException {
        int runs = shortRun ? 3 : rounds;
        int runMillis = shortRun ? 40 : millis;
        Map<Coder, double[]> values = new LinkedHashMap<>();
        for (Coder coder : coders) {
            if (warmUp(coder, request)) {
                values.put(coder, new double[runs]);
            }
        }
        for (int run = 0; run < runs; run++) {
            for (Map.Entry<Coder, double[]> entry : values.entrySet()) {
                OptionalDouble value = entry.getKey().measure(request, runMillis);
                entry.getValue()[run] = value.orElseThrow();
            }
        }
        values.forEach((coder, measured) -> rows.add(Row.of(what, coder.name(), params, "GB/s", measured)));
        if (!json) {
            PrintWriter out = spec.commandLine().getOut();
            out.printf("%-16s %-36s", what, params);
            values.forEach((coder, measured) ->
                    out.printf("  %s %.2f", coder.name(), Row.of(what, "", params, "GB/s", measured).median()));
            out.println();
            out.flush();
        }
    }

    /** Runs until the speed settles, because the JVM compiles while it runs; the others are done at once. */
    private static boolean warmUp(Coder coder, Request request) throws IOException {
        if (!coder.name().equals(CodecBars.MORAINE)) {
            return coder.measure(request, WARM_UP_MILLIS / 10).isPresent();
        }
        double last = 0;
        for (int run = 0; run < MAX_WARM_UP_RUNS; run++) {
            double speed = coder.measure(request, WARM_UP_MILLIS).orElse(Double.NaN);
            if (run >= MIN_WARM_UP_RUNS && speed < last * SETTLED) {
                return true;
            }
            last = Math.max(last, speed);
        }
        return !Double.isNaN(last);
    }

    private static List<String> driverCommand() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-Xms256m",
                "-cp",
                System.getProperty("java.class.path"),
                CodecDriver.class.getName());
    }

    private String commandLine() {
        return "./moraine bench codec" + (peers ? " --peers" : "") + (shortRun ? " --short" : "")
                + " --rounds " + (shortRun ? 3 : rounds) + " --millis " + (shortRun ? 40 : millis);
    }

    private void publish(Report report) throws IOException {
        Files.createDirectories(results);
        String table = report.toMarkdown("Erasure coder");
        Files.writeString(results.resolve("codec.md"), table);
        Files.writeString(results.resolve("codec.json"), report.toJson() + "\n");
        List<SvgPlot.Panel> panels = new ArrayList<>();
        for (String what : List.of(CodecBars.ENCODE, CodecBars.RECONSTRUCT)) {
            for (String size : List.of(" 1 MiB", " 64 MiB")) {
                List<Row> shown = CodecBars.rowsWithParams(rows, what, size + ", 1 thread");
                if (!shown.isEmpty()) {
                    panels.add(new SvgPlot.Panel(what + size + ", one thread", CodecBars.shapesOnly(shown)));
                }
            }
        }
        Files.writeString(results.resolve("codec.svg"), SvgPlot.draw("Data bytes coded, median", panels));
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? report.toJson() : table);
        out.flush();
    }
}
