package dev.moraine.benchmarks.store;

import dev.moraine.benchmarks.report.Ratio;
import dev.moraine.benchmarks.report.Row;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the store must reach. Ratios whose rows are missing are left out. */
final class StoreBars {
    static final String MORAINE = "moraine";
    static final String PWRITE = "pwrite and fdatasync";
    static final String ROCKSDB = "RocksDB";
    static final String ONE_BY_ONE = "moraine, a force each";
    static final String APPEND_BUNDLE = "durable append";
    static final String APPEND_SLIVER = "durable append of slivers";
    static final String GROUP_COMMIT = "durable append from many";
    static final String COLD_SYMBOL = "symbol read, cold process";
    static final String SYMBOL = "symbol with path";
    static final String ALLOCATION = "allocation of a symbol with path";
    static final String OPEN = "open";
    static final String HEAP = "heap of an open store";
    static final String INDEX_COMMIT = "index commit";
    static final String INDEX_GET = "index lookup";

    private static final double SYMBOL_LIMIT_MICROS = 3;
    private static final double OPEN_LIMIT_SECONDS = 5;

    private StoreBars() {}

    static List<Ratio> of(List<Row> rows) {
        List<Ratio> ratios = new ArrayList<>();
        add(ratios, "append of 1 MiB bundles against " + PWRITE, rate(rows, APPEND_BUNDLE, MORAINE, PWRITE), 0.8);
        add(ratios, "64 writers of 16 KiB against a force each", rate(rows, GROUP_COMMIT, MORAINE, ONE_BY_ONE), 20);
        add(ratios, "64 writers of 100 KiB slivers against RocksDB", rate(rows, APPEND_SLIVER, MORAINE, ROCKSDB), 2);
        add(ratios, "cold symbol reads against RocksDB", rate(rows, COLD_SYMBOL, MORAINE, ROCKSDB), 5);
        for (Row row : rows) {
            if (row.what().equals(SYMBOL)) {
                add(ratios, "3 us against a symbol with path, " + row.params(), SYMBOL_LIMIT_MICROS / row.median(), 1);
            } else if (row.what().equals(ALLOCATION)) {
                add(ratios, "no allocation of a symbol with path, " + row.params(), row.min() == 0 ? 1.0 : 0.0, 1);
            } else if (row.what().equals(OPEN) && row.params().contains("1000000")) {
                add(ratios, "5 s against the opening of a million blobs", OPEN_LIMIT_SECONDS / row.median(), 1);
            }
        }
        add(ratios, "heap of few blobs against that of many", heap(rows), 0.8);
        return ratios;
    }

    private static void add(List<Ratio> ratios, String name, @Nullable Double value, double bar) {
        if (value != null) {
            ratios.add(new Ratio(name, value, bar));
        }
    }

    private static @Nullable Double rate(List<Row> rows, String what, String ours, String theirs) {
        Row own = find(rows, what, ours);
        Row other = find(rows, what, theirs);
        return own == null || other == null ? null : own.median() / other.median();
    }

    private static @Nullable Row find(List<Row> rows, String what, String who) {
        return rows.stream()
                .filter(row -> row.what().equals(what) && row.who().equals(who))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Double heap(List<Row> rows) {
        List<Row> heaps = rows.stream().filter(row -> row.what().equals(HEAP)).toList();
        return heaps.size() < 2
                ? null
                : heaps.getFirst().median() / Math.max(1, heaps.getLast().median());
    }
}
