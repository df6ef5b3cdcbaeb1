package dev.moraine.sampling.light;

import dev.moraine.codec.Geometry;

/**
 * What a number of answered samples says about a blob (protocol, section 8).
 *
 * <p>A blob is lost only when at least {@code w = (n−k₁+1)·(n−k₂+1)} of its {@code N = n²} symbols are withheld. Draws
 * without replacement that hit exactly so many withheld symbols, and miss at most u times, follow the hypergeometric
 * distribution; the confidence is one minus the probability that they do.
 *
 * <p>Probabilities are sums of exponentials of log factorials, exact to about ten digits. Immutable and thread-safe.
 */
public final class Confidence {
    private final Geometry geometry;
    private final int symbols;
    private final int stoppingSetSymbols;
    private final double[] logFactorials;

    /**
     * Prepares the figures of a committee.
     *
     * @param geometry the committee's geometry
     */
    public Confidence(Geometry geometry) {
        this.geometry = geometry;
        int n = geometry.shards();
        this.symbols = n * n;
        this.stoppingSetSymbols = (n - geometry.sourceRows() + 1) * (n - geometry.sourceColumns() + 1);
        this.logFactorials = logFactorials(symbols);
    }

    /**
     * Symbols of the matrix that can be sampled.
     *
     * @return {@code N = n²}
     */
    public int symbols() {
        return symbols;
    }

    /**
     * Symbols that must be withheld, at the least, to make a blob unrecoverable.
     *
     * @return {@code w = (n−k₁+1)·(n−k₂+1)}
     */
    public int stoppingSetSymbols() {
        return stoppingSetSymbols;
    }

    /**
     * The probability that samples of an unrecoverable blob look at least as good as these.
     *
     * @param taken samples drawn without replacement, m, from 0 to N
     * @param unanswered those of them without an answer, u, from 0 to m
     * @return {@code Σ_{i≤u} C(w, i)·C(N−w, m−i) / C(N, m)}, from 0 to 1
     * @throws IllegalArgumentException if a count is out of range
     */
    public double missProbability(int taken, int unanswered) {
        if (taken < 0 || taken > symbols) {
            throw new IllegalArgumentException("taken must be from 0 to " + symbols + ", but is " + taken);
        }
        if (unanswered < 0 || unanswered > taken) {
            throw new IllegalArgumentException("unanswered must be from 0 to " + taken + ", but is " + unanswered);
        }
        int first = Math.max(0, taken - (symbols - stoppingSetSymbols));
        int last = Math.min(unanswered, stoppingSetSymbols);
        double logDraws = logChoose(symbols, taken);
        double sum = 0;
        for (int withheld = first; withheld <= last; withheld++) {
            sum += Math.exp(logChoose(stoppingSetSymbols, withheld)
                    + logChoose(symbols - stoppingSetSymbols, taken - withheld)
                    - logDraws);
        }
        return Math.min(1, sum);
    }

    /**
     * How sure these samples make a client that the blob can be had.
     *
     * @param taken samples drawn without replacement, m, from 0 to N
     * @param unanswered those of them without an answer, u, from 0 to m
     * @return one minus {@link #missProbability}, from 0 to 1
     * @throws IllegalArgumentException if a count is out of range
     */
    public double of(int taken, int unanswered) {
        return 1 - missProbability(taken, unanswered);
    }

    /**
     * The fewest samples that give the wanted confidence when every one of them is answered.
     *
     * @param wanted the wanted confidence, above 0 and below 1
     * @return m, from 1 to N
     * @throws IllegalArgumentException if the wanted confidence is out of range
     */
    public int samplesFor(double wanted) {
        if (!(wanted > 0 && wanted < 1)) {
            throw new IllegalArgumentException("wanted must be above 0 and below 1, but is " + wanted);
        }
        int tooFew = 0;
        int enough = symbols;
        while (enough - tooFew > 1) {
            int middle = (tooFew + enough) >>> 1;
            if (of(middle, 0) >= wanted) {
                enough = middle;
            } else {
                tooFew = middle;
            }
        }
        return enough;
    }

    /**
     * Whether so many samples cost no less than the blob itself, which is certain: then read it.
     *
     * @param samples how many samples are wanted
     * @return {@code samples ≥ k₁·k₂}
     */
    public boolean isReadingCheaper(int samples) {
        return samples >= geometry.sourceRows() * geometry.sourceColumns();
    }

    private double logChoose(int from, int taken) {
        return logFactorials[from] - logFactorials[taken] - logFactorials[from - taken];
    }

    /** Compensated summation (Kahan): the largest sum has 36,864 terms and would lose four digits without. */
    private static double[] logFactorials(int largest) {
        double[] logs = new double[largest + 1];
        double sum = 0;
        double lost = 0;
        for (int i = 2; i <= largest; i++) {
            double term = Math.log(i) - lost;
            double next = sum + term;
            lost = (next - sum) - term;
            sum = next;
            logs[i] = sum;
        }
        return logs;
    }
}
