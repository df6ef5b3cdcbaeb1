package dev.moraine.benchmarks.sampling;

import dev.moraine.benchmarks.report.Ratio;
import dev.moraine.benchmarks.report.Row;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the read side must reach. Ratios whose rows are missing are left out. */
final class SamplingBars {
    static final String MORAINE = "moraine";
    static final String ECHO = "echo over the same transport";
    static final String SINGLE = "single samples";
    static final String MANY = "samples, 64 a request";
    static final String P50 = "median of a single sample";
    static final String P99 = "p99 of a single sample";
    static final String HASHES = "hashing that a blob needs";
    static final String READ = "whole blobs read";
    static final String READ_DOWN = "whole blobs read, f nodes down";
    static final String VERIFY = "verification of 30 samples";

    private static final double P99_LIMIT_MICROS = 1_000;
    private static final double VERIFY_LIMIT_MICROS = 100;

    private SamplingBars() {}

    static List<Ratio> of(List<Row> rows) {
        List<Ratio> ratios = new ArrayList<>();
        add(ratios, "single samples against an echo", over(rows, SINGLE, ECHO, SINGLE), 0.6);
        add(ratios, "64 samples a request against an echo", over(rows, MANY, ECHO, MANY), 0.25);
        add(ratios, "1 ms against the p99 at half of the peak", limit(rows, P99, P99_LIMIT_MICROS), 1);
        add(ratios, "blobs of 1 MiB against what one core hashes", over(rows, READ, MORAINE, HASHES), 0.55);
        add(ratios, "the same with f nodes down", over(rows, READ_DOWN, MORAINE, HASHES), 0.275);
        add(ratios, "100 us against the verification of 30 samples", limit(rows, VERIFY, VERIFY_LIMIT_MICROS), 1);
        return ratios;
    }

    private static void add(List<Ratio> ratios, String name, @Nullable Double value, double bar) {
        if (value != null) {
            ratios.add(new Ratio(name, value, bar));
        }
    }

    private static @Nullable Double over(List<Row> rows, String what, String who, String limit) {
        Row ours = find(rows, what, MORAINE);
        Row theirs = find(rows, limit, who);
        return ours == null || theirs == null ? null : ours.median() / theirs.median();
    }

    private static @Nullable Double limit(List<Row> rows, String what, double micros) {
        Row row = find(rows, what, MORAINE);
        return row == null ? null : micros / row.median();
    }

    private static @Nullable Row find(List<Row> rows, String what, String who) {
        return rows.stream()
                .filter(row -> row.what().equals(what) && row.who().equals(who))
                .findFirst()
                .orElse(null);
    }
}
