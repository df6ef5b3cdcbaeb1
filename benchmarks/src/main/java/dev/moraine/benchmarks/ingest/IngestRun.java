package dev.moraine.benchmarks.ingest;

import dev.moraine.benchmarks.report.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The phases of a measurement of the write path, one after the other on one network. */
final class IngestRun {
    private static final String LONE_BYTES = "131072";
    private static final String SMALL_BYTES = "16384";
    private static final int PARTS = 5;
    private static final double OVERLOAD_FACTOR = 10;
    private static final double REACHED = 0.98;

    private final Plan plan;
    private final Path folder;
    private final Consumer<Row> show;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /**
     * How much is measured.
     *
     * @param nodes nodes of one shard each
     * @param rate batches a second of the open loop, or 0
     * @param sizes bytes of batches under load, or real:FOLDER
     * @param seconds of each phase under load
     * @param warmUps batches before the first figure
     * @param loneBatches batches that are posted one at a time
     */
    record Plan(int nodes, double rate, String sizes, double seconds, int warmUps, int loneBatches) {}

    IngestRun(Plan plan, Path folder, Consumer<Row> show) {
        this.plan = plan;
        this.folder = folder;
        this.show = show;
    }

    /** Sizes as the load generator takes them. */
    static String parseSizes(String sizes) {
        if (sizes.startsWith("real:")) {
            return sizes;
        }
        return Arrays.stream(sizes.split(",", -1))
                .map(IngestRun::parseSize)
                .map(String::valueOf)
                .collect(Collectors.joining(","));
    }

    private static int parseSize(String size) {
        String lower = size.toLowerCase(Locale.ROOT);
        int shift = lower.endsWith("m") ? 20 : lower.endsWith("k") ? 10 : 0;
        String digits = shift == 0 ? lower : lower.substring(0, lower.length() - 1);
        return Math.multiplyExact(Integer.parseInt(digits), 1 << shift);
    }

    /** {@return what a reader of the figures has to know: formulas, and rates that were not reached} */
    List<String> notes() {
        return notes;
    }

    /**
     * Measures everything.
     *
     * @return the rows
     * @throws IOException if a process ends or does not start
     */
    List<Row> measure() throws IOException {
        MachineCosts costs = new MachineCosts(plan.nodes(), folder);
        try (BenchNetwork network = BenchNetwork.start(folder, plan.nodes())) {
            network.ask("lone " + LONE_BYTES + " " + plan.warmUps());
            lone(network);
            double perSecond = saturated(network, costs, plan.sizes());
            saturated(network, costs, SMALL_BYTES);
            openLoop(network, plan.rate() > 0 ? plan.rate() : perSecond / 2);
            overload(network, OVERLOAD_FACTOR * perSecond);
            faults(network);
        }
        return rows;
    }

    private void lone(BenchNetwork network) throws IOException {
        List<Map<String, Double>> parts = parts(network);
        add(IngestBars.LONE, "128 KiB", "ms", values(parts, "medianMs"));
        add(IngestBars.LONE_P99, "128 KiB", "ms", values(parts, "p99Ms"));
        add(IngestBars.ALLOCATION, "128 KiB", "KiB", values(parts, "allocatedKibPerBatch"));
        add(IngestBars.JOURNAL_SYNC, "128 KiB", "ms", values(parts, "journalSyncMs"));
    }

    private List<Map<String, Double>> parts(BenchNetwork network) throws IOException {
        List<Map<String, Double>> parts = new ArrayList<>();
        for (int part = 0; part < PARTS; part++) {
            parts.add(network.ask("lone " + LONE_BYTES + " " + plan.loneBatches() / PARTS));
        }
        return parts;
    }

    private double saturated(BenchNetwork network, MachineCosts costs, String sizes) throws IOException {
        network.ask("saturate " + sizes + " " + plan.seconds() / PARTS);
        List<Map<String, Double>> parts = new ArrayList<>();
        for (int part = 0; part < PARTS; part++) {
            parts.add(network.ask("saturate " + sizes + " " + plan.seconds() / PARTS));
        }
        add(IngestBars.SATURATED, sizes, "MB/s", values(parts, "certifiedMbPerSecond"));
        double[] perBundle = values(parts, "batchesPerBundle");
        add("blobs of a bundle, saturated", sizes, "blobs", perBundle);
        add(IngestBars.FULL_COLLECTIONS, sizes, "collections", values(parts, "fullCollections"));
        if (!sizes.startsWith("real:")) {
            List<MachineCosts.BlobCosts> blobs = new ArrayList<>();
            for (String size : sizes.split(",", -1)) {
                blobs.add(costs.ofBlob(Integer.parseInt(size)));
            }
            double blobsPerBundle = median(perBundle);
            show(Row.of(IngestBars.SATURATED, IngestBars.MACHINE, sizes, "MB/s", new double[] {
                costs.ceilingMbPerSecond(blobs, blobsPerBundle)
            }));
            notes.add(sizes + ": " + costs.formula(blobs, blobsPerBundle));
        }
        return median(values(parts, "certifiedPerSecond"));
    }

    private void openLoop(BenchNetwork network, double rate) throws IOException {
        Map<String, Double> measured = network.ask("open " + plan.sizes() + " " + rate + " " + plan.seconds());
        String params = String.format(Locale.ROOT, "%s at %.0f a second", plan.sizes(), rate);
        add(IngestBars.OPEN_LOOP, params, "ms", value(measured, "medianMs"));
        add(IngestBars.OPEN_LOOP_P99, params, "ms", value(measured, "p99Ms"));
        double reached = value(measured, "certifiedPerSecond");
        add(IngestBars.OPEN_LOOP_RATE, params, "batches/s", reached);
        if (reached < REACHED * rate) {
            notes.add(String.format(Locale.ROOT, "the rate of %.1f was NOT reached: %.1f a second", rate, reached));
        }
    }

    private void overload(BenchNetwork network, double rate) throws IOException {
        Map<String, Double> measured = network.ask("open " + plan.sizes() + " " + rate + " " + plan.seconds());
        String params = String.format(Locale.ROOT, "%s at %.0f a second", plan.sizes(), rate);
        add(IngestBars.OVERLOAD, params, "MB/s", value(measured, "certifiedMbPerSecond"));
        if (value(measured, "refused") > 0) {
            add(IngestBars.REFUSAL_P99, params, "ms", value(measured, "refusalP99Ms"));
        } else {
            notes.add("nothing was refused: the load was not too much, so its figures say nothing");
        }
        add(IngestBars.OVERLOAD_MEMORY, params, "MiB", value(measured, "mostLeasedMib"));
        network.ask("open " + LONE_BYTES + " 1 " + plan.seconds() / 2);
        add(IngestBars.RECOVERED, "128 KiB", "ms", values(parts(network), "medianMs"));
    }

    private void faults(BenchNetwork network) throws IOException {
        int faults = (plan.nodes() - 1) / 3;
        if (faults < 2) {
            notes.add("faults were not measured: a committee of " + plan.nodes() + " stands fewer than two");
            return;
        }
        network.pause(plan.nodes() - 1);
        network.kill(plan.nodes() - 2);
        List<Map<String, Double>> parts = parts(network);
        add(IngestBars.LONE_FAULTY, "128 KiB", "ms", values(parts, "medianMs"));
        add(IngestBars.FAILED_FAULTY, "128 KiB", "batches", sum(values(parts, "failed")));
    }

    private void add(String what, String params, String unit, double... values) {
        show(Row.of(what, IngestBars.GATEWAY, params, unit, values));
    }

    private void show(Row row) {
        rows.add(row);
        show.accept(row);
    }

    private static double[] values(List<Map<String, Double>> parts, String name) {
        return parts.stream().mapToDouble(part -> value(part, name)).toArray();
    }

    private static double value(Map<String, Double> measured, String name) {
        return Objects.requireNonNull(measured.get(name), name);
    }

    private static double sum(double[] values) {
        return Arrays.stream(values).sum();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
