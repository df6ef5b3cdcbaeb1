package dev.moraine.benchmarks.report;

import java.util.Arrays;

/**
 * One measured thing.
 *
 * @param what the operation
 * @param who the program that did it
 * @param params shape and size
 * @param unit of the three numbers
 * @param median the middle run
 * @param min the worst run
 * @param max the best run
 * @param runs how many runs there were
 */
public record Row(
        String what, String who, String params, String unit, double median, double min, double max, int runs) {
    /**
     * Sums up runs.
     *
     * @param what the operation
     * @param who the program
     * @param params shape and size
     * @param unit of the values
     * @param values one for each run, at least one
     * @return the row
     */
    public static Row of(String what, String who, String params, String unit, double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 != 0 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Row(what, who, params, unit, median, sorted[0], sorted[sorted.length - 1], sorted.length);
    }
}
