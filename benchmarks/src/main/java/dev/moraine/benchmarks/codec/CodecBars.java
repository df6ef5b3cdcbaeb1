package dev.moraine.benchmarks.codec;

import dev.moraine.benchmarks.report.Ratio;
import dev.moraine.benchmarks.report.Row;
import dev.moraine.codec.Geometry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What the coder must reach, as ratios of measured rows of one thread. Ratios whose rows are missing are left out. */
final class CodecBars {
    static final String MORAINE = "moraine";
    static final String ENCODE = "encode";
    static final String RECONSTRUCT = "reconstruct";
    static final String RECONSTRUCT_ONE = "reconstruct one";
    static final String BLOB_MATRIX = "blob matrix";
    static final String MATRIX_ROW = "matrix row";
    static final String MEMORY = "memory of a thread";

    private static final String WALRUS_CODER = "reed-solomon-simd";
    private static final String ONE_THREAD = ", 1 thread";
    private static final double MATRIX_GIGABYTES = 3;
    private static final double MEMORY_LIMIT_KIBIBYTES = 1024;
    private static final double LARGE_COST_LIMIT = 1.5;
    private static final double MEMORY_SHARE = 0.7;

    /** Two runs of the same work differ by so much. */
    private static final double NOISE = 0.05;

    private CodecBars() {}

    static String params(int dataShards, int parityShards, int mebibytes, int threads) {
        return "(" + dataShards + "," + parityShards + ") " + size(mebibytes, threads);
    }

    static String matrixParams(int shards, int mebibytes, int threads) {
        return "n=" + shards + " " + size(mebibytes, threads);
    }

    /** What a copy is called that took turns with an operation. */
    static String copyBeside(String what) {
        return "copy beside " + what;
    }

    /** The end of all params of one size. */
    static String size(int mebibytes, int threads) {
        return mebibytes + " MiB, " + threads + (threads == 1 ? " thread" : " threads");
    }

    /** Rows of one kind whose params end like that. */
    static List<Row> rowsWithParams(List<Row> rows, String what, String end) {
        return rows.stream().filter(row -> row.what().equals(what) && row.params().endsWith(end)).toList();
    }

    /** The same rows with nothing but the shape for params. */
    static List<Row> shapesOnly(List<Row> rows) {
        return rows.stream()
                .map(row -> new Row(
                        row.what(),
                        row.who(),
                        row.params().substring(0, row.params().indexOf(' ')),
                        row.unit(),
                        row.median(),
                        row.min(),
                        row.max(),
                        row.runs()))
                .toList();
    }

    /**
     * The ratios that the rows give.
     *
     * @param rows all that was measured
     * @return one for each bar that has its rows
     */
    static List<Ratio> of(List<Row> rows) {
        List<Ratio> ratios = new ArrayList<>();
        addAgainstPeers(ratios, rows, ENCODE, 1.3);
        addAgainstPeers(ratios, rows, RECONSTRUCT, 0);
        double one = leastOfOneLost(rows);
        String oneLost = "reconstruct of one lost shard, least of best runs over 0.95 of a matrix row's";
        add(ratios, oneLost, one / (1 - NOISE), 1);
        double matrix = median(rows, BLOB_MATRIX, MORAINE, matrixParams(31, 1, 1));
        add(ratios, "blob matrix n=31 1 MiB, GB/s over 3", matrix / MATRIX_GIGABYTES, 1);
        double most = rows.stream()
                .filter(row -> row.what().equals(MEMORY))
                .mapToDouble(Row::median)
                .max()
                .orElse(Double.NaN);
        add(ratios, "memory of a thread, 1 MiB over the most", MEMORY_LIMIT_KIBIBYTES / most, 1);
        addLargeCost(ratios, rows, ENCODE);
        addLargeCost(ratios, rows, RECONSTRUCT);
        addLargeCost(ratios, rows, BLOB_MATRIX);
        return ratios;
    }

    /** The same work twice, so best runs are compared: what disturbs a run does not count. */
    private static double leastOfOneLost(List<Row> rows) {
        return rows.stream()
                .filter(one -> one.what().equals(RECONSTRUCT_ONE) && one.params().endsWith(ONE_THREAD))
                .flatMap(one -> rows.stream()
                        .filter(row -> row.what().equals(MATRIX_ROW) && row.params().equals(one.params()))
                        .map(row -> one.max() / row.max()))
                .min(Double::compare)
                .orElse(Double.NaN);
    }

    private static void addAgainstPeers(List<Ratio> ratios, List<Row> rows, String what, double meanBar) {
        double[] walrus = ratios(rows, what, row -> median(rows, what, WALRUS_CODER, row.params()));
        add(ratios, what + ", least over " + WALRUS_CODER, min(walrus), 1);
        if (meanBar > 0) {
            add(ratios, what + ", geometric mean over " + WALRUS_CODER, geometricMean(walrus), meanBar);
        }
        double[] best = ratios(rows, what, row -> rows.stream()
                .filter(other -> other.what().equals(what)
                        && other.params().equals(row.params())
                        && !other.who().equals(MORAINE))
                .mapToDouble(Row::median)
                .max()
                .orElse(Double.NaN));
        long peers = rows.stream()
                .filter(row -> row.what().equals(what) && !row.who().equals(MORAINE))
                .map(Row::who)
                .distinct()
                .count();
        add(ratios, what + ", geometric mean over the best of " + peers + " peers", geometricMean(best), 0.5);
    }

    /** At 64 MiB a byte may cost 1.5 times what it costs at 1 MiB, or memory must be what limits. */
    private static void addLargeCost(List<Ratio> ratios, List<Row> rows, String what) {
        double least = Double.NaN;
        for (Row row : rowsWithParams(rows, what, " 64 MiB" + ONE_THREAD)) {
            if (row.who().equals(MORAINE)) {
                String shape = row.params().substring(0, row.params().indexOf(' '));
                double small = median(rows, what, MORAINE, shape + " 1 MiB" + ONE_THREAD);
                double copied = median(rows, copyBeside(what), MORAINE, row.params());
                double byCost = LARGE_COST_LIMIT * row.median() / small;
                double byMemory = row.median() * bytesMoved(what, shape) / (2 * copied) / MEMORY_SHARE;
                double better = Math.max(byCost, byMemory);
                least = Double.isNaN(least) ? better : Math.min(least, better);
            }
        }
        add(ratios, what + " at 64 MiB, least over 1/1.5 of its speed at 1 MiB or 0.7 of the memory's", least, 1);
    }

    /** Bytes that an operation must read and write for a byte of data. */
    private static double bytesMoved(String what, String shape) {
        if (what.equals(BLOB_MATRIX)) {
            Geometry geometry = new Geometry(Integer.parseInt(shape.substring(shape.indexOf('=') + 1)));
            return 1 + (double) geometry.matrixBytes(1) / geometry.paddedBlobBytes(1);
        }
        String[] counts = shape.substring(1, shape.length() - 1).split(",", -1);
        double dataShards = Double.parseDouble(counts[0]);
        double parityShards = Double.parseDouble(counts[1]);
        double written = what.equals(ENCODE) ? parityShards : Math.min(dataShards, parityShards);
        return (dataShards + written) / dataShards;
    }

    private static double[] ratios(List<Row> rows, String what, ToDoubleFunction<Row> against) {
        return rows.stream()
                .filter(row -> row.what().equals(what)
                        && row.who().equals(MORAINE)
                        && row.params().endsWith(ONE_THREAD))
                .mapToDouble(row -> row.median() / against.applyAsDouble(row))
                .filter(ratio -> !Double.isNaN(ratio))
                .toArray();
    }

    private static double median(List<Row> rows, String what, String who, String params) {
        return rows.stream()
                .filter(row -> row.what().equals(what) && row.who().equals(who) && row.params().equals(params))
                .mapToDouble(Row::median)
                .findFirst()
                .orElse(Double.NaN);
    }

    private static double min(double[] values) {
        double least = Double.NaN;
        for (double value : values) {
            least = Double.isNaN(least) ? value : Math.min(least, value);
        }
        return least;
    }

    private static double geometricMean(double[] values) {
        double logarithms = 0;
        for (double value : values) {
            logarithms += Math.log(value);
        }
        return values.length == 0 ? Double.NaN : Math.exp(logarithms / values.length);
    }

    private static void add(List<Ratio> ratios, String name, double value, double bar) {
        if (!Double.isNaN(value)) {
            ratios.add(new Ratio(name, value, bar));
        }
    }
}
