package dev.moraine.benchmarks.wire;

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
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./moraine bench wire}: round trips and bulk transfer over the loopback interface, by kind of transport. */
@Command(
        name = "wire",
        description = "Measures round trips and bulk transfer with io_uring (with and without its options), epoll and"
                + " NIO, client and server in one process with one event loop each.",
        mixinStandardHelpOptions = true)
public final class WireBench implements Callable<Integer> {
    private static final String LATENCY = "round trip, one at a time";
    private static final String LATENCY_P99 = "round trip, one at a time, p99";
    private static final String RATE = "round trips, 64 in flight";
    private static final String BULK = "bodies in frames of 1 MiB";
    private static final String RATE_CPU = "processor time of a round trip, both ends";
    private static final String BULK_CPU = "processor time of a megabyte, both ends";
    private static final int IN_FLIGHT = 64;
    private static final int MEASURES = 6;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--json", description = "Print one JSON object instead of the table.")
    private boolean json;

    @Option(names = "--short", description = "Few short runs.")
    private boolean shortRun;

    @Option(
            names = "--results",
            paramLabel = "FOLDER",
            description = "Where table, JSON and plot go (default: benchmarks/results of the checkout for a full run,"
                    + " benchmarks/target/results for a short one).")
    private @Nullable Path results;

    @Override
    public Integer call() throws Exception {
        Machine machine = Machine.here();
        List<WireVariant> usable = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        for (WireVariant variant : WireVariant.all()) {
            if (variant.kind().isAvailable()) {
                usable.add(variant);
            } else {
                skipped.add(variant.name() + ": does not work on this machine");
            }
        }
        int rounds = shortRun ? 3 : 7;
        double[][][] values = new double[usable.size()][MEASURES][rounds];
        // Variants take turns, so that whatever else the machine does meets all of them alike.
        for (int round = -1; round < rounds; round++) {
            for (int i = 0; i < usable.size(); i++) {
                measure(usable.get(i), values[i], round);
            }
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < usable.size(); i++) {
            String name = usable.get(i).name();
            rows.add(Row.of(LATENCY, name, "16 bytes, 1 connection", "us", values[i][0]));
            rows.add(Row.of(LATENCY_P99, name, "16 bytes, 1 connection", "us", values[i][1]));
            rows.add(Row.of(RATE, name, "16 bytes, 1 connection", "requests/s", values[i][2]));
            rows.add(Row.of(BULK, name, "8 frames in flight, copied by the server", "MB/s", values[i][3]));
            rows.add(Row.of(RATE_CPU, name, "64 in flight", "us", values[i][4]));
            rows.add(Row.of(BULK_CPU, name, "frames of 1 MiB, 8 in flight", "us", values[i][5]));
        }
        publish(new Report(machine, commandLine(), skipped, rows, List.of()));
        return 0;
    }

    /** One round of one variant; round -1 warms up. */
    private void measure(WireVariant variant, double[][] values, int round)
            throws IOException, InterruptedException {
        long durationNs = TimeUnit.MILLISECONDS.toNanos(shortRun || round < 0 ? 400 : 2_000);
        try (WirePair pair = new WirePair(variant)) {
            WireRuns runs = new WireRuns(pair.connection());
            double[] latency = runs.latencyUs(durationNs);
            WireRuns.Speed rate = runs.roundTrips(durationNs, IN_FLIGHT);
            WireRuns.Speed bulk = runs.megabytes(durationNs);
            if (round >= 0) {
                values[0][round] = latency[0];
                values[1][round] = latency[1];
                values[2][round] = rate.perSecond();
                values[3][round] = bulk.perSecond();
                values[4][round] = rate.cpuUs();
                values[5][round] = bulk.cpuUs();
            }
        }
    }

    private String commandLine() {
        return "./moraine bench wire" + (shortRun ? " --short" : "");
    }

    private void publish(Report report) throws IOException {
        Path target = ResultsFolder.of(results, !shortRun);
        Files.createDirectories(target);
        String table = report.toMarkdown("Transports");
        Files.writeString(target.resolve("wire.md"), table);
        Files.writeString(target.resolve("wire.json"), report.toJson() + "\n");
        List<SvgPlot.Panel> panels = new ArrayList<>();
        for (String what : List.of(LATENCY, LATENCY_P99, RATE, BULK, RATE_CPU, BULK_CPU)) {
            panels.add(new SvgPlot.Panel(
                    what,
                    report.rows().stream().filter(row -> row.what().equals(what)).toList()));
        }
        String title = "Over the loopback interface, median; " + report.machine().describe();
        Files.writeString(target.resolve("wire.svg"), SvgPlot.draw(title, panels));
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? report.toJson() : table);
        out.flush();
    }
}
