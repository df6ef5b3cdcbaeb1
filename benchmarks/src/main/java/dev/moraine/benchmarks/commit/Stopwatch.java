package dev.moraine.benchmarks.commit;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Runs something again and again for a while and says what one run takes. */
final class Stopwatch {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final int WARM_UP_MILLIS = 50;
    private static final int STEADY_WINDOWS = 12;
    private static final double GAIN = 0.95;
    private static final long MAX_WARM_UP_NS = 20_000_000_000L;

    private Stopwatch() {}

    /**
     * Runs something until it does not become faster any more: kernels are interpreted at first, a hundred times slower,
     * and on a busy machine it takes seconds until they are compiled.
     *
     * @param operation what to run
     */
    static void warmUp(Runnable operation) {
        long start = System.nanoTime();
        double least = Double.MAX_VALUE;
        int steady = 0;
        while (steady < STEADY_WINDOWS && System.nanoTime() - start < MAX_WARM_UP_NS) {
            double nanos = cpuNanos(WARM_UP_MILLIS, operation);
            steady = nanos < least * GAIN ? 0 : steady + 1;
            least = Math.min(least, nanos);
        }
    }

    /**
     * Processor time of the calling thread: other processes of a busy machine do not count.
     *
     * @param millis for how long to run
     * @param operation what to run
     * @return nanoseconds a run
     */
    static double cpuNanos(long millis, Runnable operation) {
        long start = THREADS.getCurrentThreadCpuTime();
        long runs = 0;
        long spent = 0;
        while (spent < millis * 1_000_000) {
            // Reading the clock costs a system call.
            long batch = spent == 0 ? 1 : Math.clamp(runs * millis * 100_000 / spent, 1, 1 << 20);
            for (long i = 0; i < batch; i++) {
                operation.run();
            }
            runs += batch;
            spent = THREADS.getCurrentThreadCpuTime() - start;
        }
        return (double) spent / runs;
    }

    /**
     * Time of the wall, the shortest run, for what several threads do together.
     *
     * @param millis for how long to run
     * @param operation what to run
     * @return nanoseconds of the fastest run
     */
    static double wallNanos(long millis, Runnable operation) {
        long least = Long.MAX_VALUE;
        long start = System.nanoTime();
        long now = start;
        while (now - start < millis * 1_000_000) {
            operation.run();
            long end = System.nanoTime();
            least = Math.min(least, end - now);
            now = end;
        }
        return least;
    }
}
