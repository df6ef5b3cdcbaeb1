package dev.moraine.benchmarks.report;

/**
 * A measured ratio and what it must reach. Higher is better.
 *
 * @param name what is compared
 * @param value the ratio
 * @param bar the least that will do
 */
public record Ratio(String name, double value, double bar) {
    /**
     * Whether the ratio reaches its bar.
     *
     * @return true if it does
     */
    public boolean reachesBar() {
        return value >= bar;
    }
}
