package dev.moraine.benchmarks.ingest;

import dev.moraine.benchmarks.report.Ratio;
import dev.moraine.benchmarks.report.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** What the write path must reach. Ratios whose rows are missing are left out. */
final class IngestBars {
    static final String GATEWAY = "gateway";
    static final String MACHINE = "machine's ceiling";
    static final String LONE = "one batch at a time, median";
    static final String LONE_P99 = "one batch at a time, p99";
    static final String LONE_FAULTY = "one at a time, one node paused and one killed, median";
    static final String FAILED_FAULTY = "failed batches, one node paused and one killed";
    static final String ALLOCATION = "allocation per batch";
    static final String FULL_COLLECTIONS = "full collections";
    static final String SATURATED = "saturated";
    static final String OPEN_LOOP = "open loop, median";
    static final String OPEN_LOOP_P99 = "open loop, p99";
    static final String OPEN_LOOP_RATE = "open loop, certified";
    static final String OVERLOAD = "ten times too much, goodput";
    static final String REFUSAL_P99 = "ten times too much, refusal p99";
    static final String OVERLOAD_MEMORY = "ten times too much, most memory leased";
    static final String RECOVERED = "one at a time after the overload, median";
    static final String JOURNAL_SYNC = "journal sync, mean";

    private static final double LONE_LIMIT_MS = 5;
    private static final double LONE_P99_LIMIT_MS = 15;
    private static final double ALLOCATION_LIMIT_KIB = 16;
    private static final double REFUSAL_LIMIT_MS = 10;
    private static final double FAULTY_FACTOR = 1.5;

    private IngestBars() {}

    static List<Ratio> of(List<Row> rows) {
        List<Ratio> ratios = new ArrayList<>();
        value(rows, LONE, GATEWAY).ifPresent(ms -> add(ratios, "5 ms against the median", LONE_LIMIT_MS / ms, 1));
        value(rows, LONE_P99, GATEWAY).ifPresent(ms -> add(ratios, "15 ms against the p99", LONE_P99_LIMIT_MS / ms, 1));
        for (Row row : rows) {
            if (row.what().equals(SATURATED) && row.who().equals(GATEWAY)) {
                rows.stream()
                        .filter(other -> other.who().equals(MACHINE) && other.params().equals(row.params()))
                        .findFirst()
                        .ifPresent(ceiling -> add(
                                ratios,
                                "saturated against the ceiling, " + row.params(),
                                row.median() / ceiling.median(),
                                0.75));
            }
        }
        double healthy = value(rows, LONE, GATEWAY).orElse(Double.NaN);
        value(rows, LONE_FAULTY, GATEWAY).ifPresent(ms -> add(
                ratios, "1.5 x the healthy median against that with faults", FAULTY_FACTOR * healthy / ms, 1));
        value(rows, FAILED_FAULTY, GATEWAY)
                .ifPresent(failed -> add(ratios, "no failed batch with faults", failed == 0 ? 1 : 0, 1));
        value(rows, ALLOCATION, GATEWAY)
                .ifPresent(kib -> add(ratios, "16 KiB against the allocation", ALLOCATION_LIMIT_KIB / kib, 1));
        value(rows, FULL_COLLECTIONS, GATEWAY)
                .ifPresent(count -> add(ratios, "no full collection", count == 0 ? 1 : 0, 1));
        double peak = rows.stream()
                .filter(row -> row.what().equals(SATURATED) && row.who().equals(GATEWAY))
                .mapToDouble(Row::median)
                .findFirst()
                .orElse(Double.NaN);
        value(rows, OVERLOAD, GATEWAY).ifPresent(goodput -> add(ratios, "goodput under overload", goodput / peak, 0.8));
        value(rows, REFUSAL_P99, GATEWAY)
                .ifPresent(ms -> add(ratios, "10 ms against the p99 of refusals", REFUSAL_LIMIT_MS / ms, 1));
        value(rows, RECOVERED, GATEWAY).ifPresent(ms -> add(
                ratios, "1.5 x the median before the overload against that after", FAULTY_FACTOR * healthy / ms, 1));
        return ratios;
    }

    private static void add(List<Ratio> ratios, String name, double value, double bar) {
        if (!Double.isNaN(value)) {
            ratios.add(new Ratio(name, value, bar));
        }
    }

    private static OptionalDouble value(List<Row> rows, String what, String who) {
        return rows.stream()
                .filter(row -> row.what().equals(what) && row.who().equals(who))
                .mapToDouble(Row::median)
                .findFirst();
    }
}
