package dev.moraine.sampling.light;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.codec.Geometry;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

class ConfidenceTest {
    @Test
    void publishedFiguresOfAHundredShardsComeOut() {
        Confidence confidence = new Confidence(new Geometry(100));
        assertEquals(10_000, confidence.symbols());
        assertEquals(67 * 34, confidence.stoppingSetSymbols());
        assertEquals(0.9841, confidence.of(16, 0), 0.00005);
        assertEquals(0.99958, confidence.of(30, 0), 0.000005);
    }

    @Test
    void everyFigureOfTheSmallestCommitteeMatchesTheEnumerationOfAllDraws() {
        Confidence confidence = new Confidence(new Geometry(4));
        int symbols = confidence.symbols();
        int withheld = confidence.stoppingSetSymbols();
        assertEquals(16, symbols);
        assertEquals(6, withheld);
        long[][] draws = new long[symbols + 1][symbols + 1];
        for (int draw = 0; draw < 1 << symbols; draw++) {
            draws[Integer.bitCount(draw)][Integer.bitCount(draw & ((1 << withheld) - 1))]++;
        }
        for (int taken = 0; taken <= symbols; taken++) {
            long all = 0;
            for (long count : draws[taken]) {
                all += count;
            }
            long atMost = 0;
            for (int unanswered = 0; unanswered <= taken; unanswered++) {
                atMost += draws[taken][unanswered];
                assertEquals((double) atMost / all, confidence.missProbability(taken, unanswered), 1e-12,
                        "m = " + taken + ", u = " + unanswered);
            }
        }
    }

    @Test
    void figuresOfTheLargestCommitteeMatchExactArithmetic() {
        Confidence confidence = new Confidence(new Geometry(Geometry.MAX_SHARDS));
        int[][] cases = {{1, 0}, {16, 0}, {30, 2}, {200, 20}, {2_000, 400}, {30_000, 5_000}};
        for (int[] each : cases) {
            double exact = exactMissProbability(confidence, each[0], each[1]);
            assertEquals(exact, confidence.missProbability(each[0], each[1]), 1e-9 * exact + 1e-300,
                    "m = " + each[0] + ", u = " + each[1]);
        }
    }

    @Test
    void everySymbolTakenLeavesNoDoubtAndNoneTakenLeavesAll() {
        for (int shards : new int[] {4, 7, 100, Geometry.MAX_SHARDS}) {
            Confidence confidence = new Confidence(new Geometry(shards));
            int symbols = confidence.symbols();
            assertEquals(0, confidence.of(0, 0));
            assertEquals(1, confidence.of(symbols, 0));
            assertEquals(1, confidence.of(symbols, confidence.stoppingSetSymbols() - 1));
            assertEquals(0, confidence.of(symbols, confidence.stoppingSetSymbols()), 1e-9);
            assertEquals(0, confidence.of(symbols, symbols), 1e-9);
        }
    }

    @Test
    void samplesForGivesTheFewestThatReachTheWantedConfidence() {
        for (int shards : new int[] {4, 10, 100, Geometry.MAX_SHARDS}) {
            Confidence confidence = new Confidence(new Geometry(shards));
            for (double wanted : new double[] {1e-9, 0.5, 0.99, 0.9999, 1 - 1e-9}) {
                int samples = confidence.samplesFor(wanted);
                assertTrue(confidence.of(samples, 0) >= wanted);
                assertTrue(confidence.of(samples - 1, 0) < wanted);
            }
        }
    }

    @Test
    void readingIsCheaperFromAsManySamplesAsTheBlobHasSymbols() {
        Confidence confidence = new Confidence(new Geometry(10));
        assertFalse(confidence.isReadingCheaper(4 * 7 - 1));
        assertTrue(confidence.isReadingCheaper(4 * 7));
    }

    @Test
    void countsOutOfRangeAreRefused() {
        Confidence confidence = new Confidence(new Geometry(4));
        assertThrows(IllegalArgumentException.class, () -> confidence.of(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> confidence.of(17, 0));
        assertThrows(IllegalArgumentException.class, () -> confidence.of(3, -1));
        assertThrows(IllegalArgumentException.class, () -> confidence.of(3, 4));
        assertThrows(IllegalArgumentException.class, () -> confidence.samplesFor(0));
        assertThrows(IllegalArgumentException.class, () -> confidence.samplesFor(1));
        assertThrows(IllegalArgumentException.class, () -> confidence.samplesFor(Double.NaN));
    }

    private static double exactMissProbability(Confidence confidence, int taken, int unanswered) {
        int symbols = confidence.symbols();
        int withheld = confidence.stoppingSetSymbols();
        int offered = symbols - withheld;
        BigInteger sum = BigInteger.ZERO;
        int first = Math.max(0, taken - offered);
        if (first <= unanswered) {
            BigInteger ways = choose(withheld, first).multiply(choose(offered, taken - first));
            for (int i = first; i <= unanswered; i++) {
                sum = sum.add(ways);
                ways = ways.multiply(BigInteger.valueOf((long) (withheld - i) * (taken - i)))
                        .divide(BigInteger.valueOf((long) (i + 1) * (offered - taken + i + 1)));
            }
        }
        return new BigDecimal(sum).divide(new BigDecimal(choose(symbols, taken)), MathContext.DECIMAL128)
                .doubleValue();
    }

    private static BigInteger choose(int from, int taken) {
        BigInteger ways = BigInteger.ONE;
        for (int i = 1; i <= Math.min(taken, from - taken); i++) {
            ways = ways.multiply(BigInteger.valueOf(from - i + 1)).divide(BigInteger.valueOf(i));
        }
        return ways;
    }
}
