package dev.moraine.benchmarks.codec;

import dev.moraine.benchmarks.codec.Coder.Request;
import dev.moraine.benchmarks.report.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Drives the coders through all shapes and sizes. What is compared with each other takes turns, round by round, so that
 * whatever else the machine does falls on all of it.
 *
 * <p>Not thread-safe.
 */
final class CodecRun {
    static final int[][] SHAPES = {
        {3, 4}, {5, 2}, {10, 4}, {11, 20}, {21, 10}, {34, 66}, {67, 33}, {66, 126}, {129, 63}, {128, 128}
    };
    private static final int[] MATRIX_SHARDS = {7, 31, 100};
    private static final int[][] MEMORY_SHAPES = {{10, 4}, {66, 126}, {128, 128}};
    private static final int MIB = 1024 * 1024;

    /** Every shape changes what the JVM knows of the code, so all of them run before the first one counts. */
    private static final int PASSES_BEFORE = 2;

    private static final int MAX_WARM_UP_RUNS = 30;

    /** So many runs in sequence that are not faster than the best one before by the factor end a warm-up. */
    private static final int SETTLED_RUNS = 3;

    private static final double FASTER = 1.05;

    /** Matrices have a kernel for every factor, each to be compiled after thousands of calls. */
    private static final int MATRIX_WARM_UP_MILLIS = 4000;

    private final Coder own;
    private final List<Coder> coders;
    private final Plan plan;
    private final Consumer<List<Row>> onMeasured;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final Set<Coder> failed = new HashSet<>();
    private final Set<String> ready = new HashSet<>();
    private final Set<String> absent = new HashSet<>();

    /**
     * A run that has not begun.
     *
     * @param coders Moraine's coder first, then the peers
     * @param plan how much to measure
     * @param onMeasured receives rows that were measured together
     */
    CodecRun(List<Coder> coders, Plan plan, Consumer<List<Row>> onMeasured) {
        own = coders.getFirst();
        this.coders = coders;
        this.plan = plan;
        this.onMeasured = onMeasured;
    }

    /**
     * How much to measure.
     *
     * @param sizes MiB of data
     * @param threadCounts threads at once
     * @param rounds runs of every coder on every shape of 1 MiB; larger ones, whose calls are long, get two thirds
     * @param millis length of a run
     * @param warmUpMillis length of a run that is not counted
     */
    record Plan(List<Integer> sizes, List<Integer> threadCounts, int rounds, int millis, int warmUpMillis) {
        private int roundsOf(int mebibytes) {
            return mebibytes == 1 ? rounds : Math.max(1, rounds * 2 / 3);
        }
    }

    /** One of those that take turns. */
    private record Turn(String what, Coder coder, Request request) {}

    /**
     * Measures everything.
     *
     * @return the rows
     * @throws IOException if Moraine's coder ended
     */
    List<Row> measure() throws IOException {
        for (int pass = 0; pass < PASSES_BEFORE; pass++) {
            runAllOnce();
        }
        for (int threads : plan.threadCounts()) {
            for (int mebibytes : plan.sizes()) {
                for (int[] shape : SHAPES) {
                    measureShape(shape, mebibytes, threads);
                }
                for (int shards : MATRIX_SHARDS) {
                    Request encode = new Request("matrix", shards, 0, (long) mebibytes * MIB, threads, 0);
                    List<Turn> turns = new ArrayList<>(List.of(new Turn(CodecBars.BLOB_MATRIX, own, encode)));
                    turns.add(copy(CodecBars.BLOB_MATRIX, mebibytes, threads));
                    take(turns, plan.roundsOf(mebibytes), CodecBars.matrixParams(shards, mebibytes, threads));
                }
            }
        }
        measureMemory();
        return rows;
    }

    /** Peers that ended while they were measured, each with the request that they did not answer. */
    List<String> failures() {
        return failures;
    }

    private void measureShape(int[] shape, int mebibytes, int threads) throws IOException {
        long shardBytes = shardBytes(shape, mebibytes);
        String params = CodecBars.params(shape[0], shape[1], mebibytes, threads);
        List<Turn> encode = new ArrayList<>();
        List<Turn> reconstruct = new ArrayList<>();
        for (Coder coder : coders) {
            encode.add(new Turn(CodecBars.ENCODE, coder, request("encode", shape, shardBytes, threads, 0)));
            int most = Math.min(shape[0], shape[1]);
            Request request = request("reconstruct", shape, shardBytes, threads, most);
            reconstruct.add(new Turn(CodecBars.RECONSTRUCT, coder, request));
        }
        encode.add(copy(CodecBars.ENCODE, mebibytes, threads));
        reconstruct.add(copy(CodecBars.RECONSTRUCT, mebibytes, threads));
        take(encode, plan.roundsOf(mebibytes), params);
        take(reconstruct, plan.roundsOf(mebibytes), params);
        Request one = request("reconstruct", shape, shardBytes, threads, 1);
        Request row = request("row", shape, shardBytes, threads, 0);
        take(
                List.of(
                        new Turn(CodecBars.RECONSTRUCT_ONE, own, one),
                        new Turn(CodecBars.MATRIX_ROW, own, row)),
                plan.roundsOf(mebibytes),
                params);
    }

    private void runAllOnce() throws IOException {
        for (int[] shape : SHAPES) {
            long shardBytes = shardBytes(shape, 1);
            own.measure(request("encode", shape, shardBytes, 1, 0), plan.warmUpMillis());
            int most = Math.min(shape[0], shape[1]);
            own.measure(request("reconstruct", shape, shardBytes, 1, most), plan.warmUpMillis());
            own.measure(request("reconstruct", shape, shardBytes, 1, 1), plan.warmUpMillis());
        }
        for (int shards : MATRIX_SHARDS) {
            own.measure(new Request("matrix", shards, 0, MIB, 1, 0), plan.warmUpMillis());
        }
    }

    private Turn copy(String beside, int mebibytes, int threads) {
        Request request = new Request("copy", 0, 0, (long) mebibytes * MIB, threads, 0);
        return new Turn(CodecBars.copyBeside(beside), own, request);
    }

    private void measureMemory() throws IOException {
        List<Request> requests = new ArrayList<>();
        for (int[] shape : MEMORY_SHAPES) {
            int most = Math.min(shape[0], shape[1]);
            requests.add(request("memory", shape, shardBytes(shape, 1), 1, most));
        }
        for (int shards : MATRIX_SHARDS) {
            requests.add(new Request("memory", shards, 0, MIB, 1, 0));
        }
        for (Request request : requests) {
            String params = request.parityShards() == 0
                    ? CodecBars.matrixParams(request.dataShards(), 1, 1)
                    : CodecBars.params(request.dataShards(), request.parityShards(), 1, 1);
            double kibibytes = own.measure(request, 0).orElseThrow() / 1024;
            publish(List.of(Row.of(CodecBars.MEMORY, own.name(), params, "KiB", new double[] {kibibytes})));
        }
    }

    private static long shardBytes(int[] shape, int mebibytes) {
        return Math.ceilDiv((long) mebibytes * MIB / shape[0], 64L) * 64;
    }

    private static Request request(String operation, int[] shape, long shardBytes, int threads, int lost) {
        return new Request(operation, shape[0], shape[1], shardBytes, threads, lost);
    }

    private void take(List<Turn> turns, int rounds, String params) throws IOException {
        List<Turn> taking = new ArrayList<>();
        for (Turn turn : turns) {
            if (warmUp(turn)) {
                taking.add(turn);
            }
        }
        double[][] values = new double[taking.size()][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < values.length; i++) {
                values[i][round] = run(taking.get(i), plan.millis()).orElse(Double.NaN);
            }
        }
        List<Row> measured = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            Turn turn = taking.get(i);
            if (!failed.contains(turn.coder())) {
                measured.add(Row.of(turn.what(), turn.coder().name(), params, "GB/s", values[i]));
            }
        }
        publish(measured);
    }

    private void publish(List<Row> measured) {
        rows.addAll(measured);
        onMeasured.accept(measured);
    }

    /**
     * Runs until the speed settles, because the JVM compiles while it runs; peers are ready at once, and so is
     * what ran before.
     *
     * @return false if the coder has no such shape
     */
    private boolean warmUp(Turn turn) throws IOException {
        Request request = turn.request();
        String code = turn.coder().name() + " " + request.operation() + request.dataShards() + ","
                + request.parityShards() + "," + request.lost();
        if (!ready.add(code)) {
            return !absent.contains(code);
        }
        if (turn.coder() != own) {
            boolean present = run(turn, 1).isPresent();
            if (!present) {
                absent.add(code);
            }
            return present;
        }
        if (request.operation().equals("matrix")) {
            run(turn, MATRIX_WARM_UP_MILLIS);
        }
        double best = 0;
        int settled = 0;
        for (int run = 0; run < MAX_WARM_UP_RUNS && settled < SETTLED_RUNS; run++) {
            double speed = run(turn, plan.warmUpMillis()).orElse(Double.NaN);
            settled = speed > best * FASTER ? 0 : settled + 1;
            best = Math.max(best, speed);
        }
        return true;
    }

    private OptionalDouble run(Turn turn, int millis) throws IOException {
        if (failed.contains(turn.coder())) {
            return OptionalDouble.empty();
        }
        try {
            OptionalDouble speed = turn.coder().measure(turn.request(), millis);
            if (turn.coder() == own && speed.isEmpty()) {
                throw new IOException("the own coder failed at " + turn.request() + "; see its log");
            }
            return speed;
        } catch (IOException e) {
            if (turn.coder() == own) {
                throw e;
            }
            failed.add(turn.coder());
            failures.add(String.valueOf(e.getMessage()));
            return OptionalDouble.empty();
        }
    }
}
