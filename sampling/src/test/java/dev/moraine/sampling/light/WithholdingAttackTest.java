package dev.moraine.sampling.light;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.codec.Geometry;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.Coordinate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Adversaries that withhold symbols, against the draws of the client and the figures that it reports. What a client can
 * get of a matrix is worked out here symbol by symbol: from either holder, or by decoding lines as long as one has enough
 * symbols. The property {@code moraine.attacks} sets how many attacks there are for each committee, and makes them fresh
 * ones; without it they are few and always the same.
 */
class WithholdingAttackTest {
    private static final String ATTACKS = "moraine.attacks";
    private static final int FEW_ATTACKS = 1_500;
    private static final long FIXED_SEED = 8_147;
    private static final int DRAWS_OF_AN_ATTACKER = 25;

    /** Of the normal distribution: 99 % for the five intervals of a committee together. */
    private static final double DEVIATIONS = 3.1;

    private static final int MOST_WITHHELD_BESIDE = 20;

    private final Random random = System.getProperty(ATTACKS) == null
            ? new Random(FIXED_SEED)
            : Seed.random("WithholdingAttackTest");

    private final int attacks = Integer.getInteger(ATTACKS, FEW_ATTACKS);

    /** What an adversary withholds, and what a client can get all the same. */
    private static final class Attack {
        private final Geometry geometry;
        private final int n;
        private final BitSet withheld = new BitSet();
        private final BitSet known = new BitSet();

        Attack(Geometry geometry) {
            this.geometry = geometry;
            this.n = geometry.shards();
        }

        /** Withholds every symbol where n − k₁ + 1 random rows cross n − k₂ + 1 random columns. */
        Attack withholdCrossing(Random random) {
            List<Integer> columns = some(random, n - geometry.sourceColumns() + 1);
            for (int row : some(random, n - geometry.sourceRows() + 1)) {
                columns.forEach(column -> withheld.set(row * n + column));
            }
            return this;
        }

        Attack giveOne(Random random) {
            int[] symbols = withheld.stream().toArray();
            withheld.clear(symbols[random.nextInt(symbols.length)]);
            return this;
        }

        Attack withholdMore(Random random, int count) {
            for (int i = 0; i < count; i++) {
                withheld.set(random.nextInt(n * n));
            }
            return this;
        }

        /** Works out what can be had while the holders of some pairs say nothing. */
        Attack against(List<Integer> silent) {
            for (int row = 0; row < n; row++) {
                for (int column = 0; column < n; column++) {
                    boolean isAnswered = !silent.contains(row) || !silent.contains(column);
                    known.set(row * n + column, isAnswered && !withheld.get(row * n + column));
                }
            }
            boolean isChanged = true;
            while (isChanged) {
                isChanged = false;
                for (int line = 0; line < n; line++) {
                    isChanged |= decode(line * n, 1, geometry.sourceColumns());
                    isChanged |= decode(line, n, geometry.sourceRows());
                }
            }
            return this;
        }

        int unknown() {
            return n * n - known.cardinality();
        }

        int unanswered(List<Coordinate> drawn) {
            int unanswered = 0;
            for (Coordinate each : drawn) {
                unanswered += known.get(each.row() * n + each.column()) ? 0 : 1;
            }
            return unanswered;
        }

        private boolean decode(int first, int step, int needed) {
            int count = 0;
            for (int i = 0; i < n; i++) {
                count += known.get(first + i * step) ? 1 : 0;
            }
            if (count < needed || count == n) {
                return false;
            }
            for (int i = 0; i < n; i++) {
                known.set(first + i * step);
            }
            return true;
        }

        private List<Integer> some(Random random, int count) {
            List<Integer> all = new ArrayList<>(IntStream.range(0, n).boxed().toList());
            Collections.shuffle(all, random);
            return all.subList(0, count);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 31, 100})
    void aStoppingSetIsDetectedAsOftenAsTheFormulaSays(int shards) {
        Geometry geometry = new Geometry(shards);
        Confidence confidence = new Confidence(geometry);
        for (int samples : new int[] {2, 5, 9}) {
            int detected = 0;
            int draws = 0;
            while (draws < attacks) {
                Attack attack = new Attack(geometry).withholdCrossing(random).against(silent(geometry));
                assertEquals(confidence.stoppingSetSymbols(), attack.unknown());
                for (int i = 0; i < DRAWS_OF_AN_ATTACKER; i++, draws++) {
                    detected += attack.unanswered(SampleDraw.draw(random, shards, samples)) > 0 ? 1 : 0;
                }
            }
            assertWithin(confidence.of(samples, 0), detected, draws, "n = " + shards + ", m = " + samples);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 31, 100})
    void oneSymbolLessThanAStoppingSetHidesNothing(int shards) {
        Geometry geometry = new Geometry(shards);
        for (int draws = 0; draws < attacks; draws += DRAWS_OF_AN_ATTACKER) {
            Attack attack = new Attack(geometry)
                    .withholdCrossing(random)
                    .giveOne(random)
                    .against(draws % 2 == 0 ? List.of() : silent(geometry));
            // Silent holders take symbols from the line through which the given symbol would let the others be decoded.
            assertTrue(attack.unknown() == 0 || draws % 2 == 1, attack::toString);
            if (attack.unknown() == 0) {
                assertEquals(0, attack.unanswered(SampleDraw.draw(random, shards, shards)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 31, 100})
    void moreThanAStoppingSetIsDetectedMoreOften(int shards) {
        Geometry geometry = new Geometry(shards);
        Confidence confidence = new Confidence(geometry);
        int samples = 5;
        int detected = 0;
        int draws = 0;
        double expected = 0;
        while (draws < attacks) {
            Attack attack = new Attack(geometry)
                    .withholdCrossing(random)
                    .withholdMore(random, 1 + random.nextInt(MOST_WITHHELD_BESIDE))
                    .against(silent(geometry));
            assertTrue(attack.unknown() >= confidence.stoppingSetSymbols());
            double hidden = detection(shards * shards, attack.unknown(), samples);
            assertTrue(hidden >= confidence.of(samples, 0) - 1e-9);
            for (int i = 0; i < DRAWS_OF_AN_ATTACKER; i++, draws++) {
                expected += hidden;
                detected += attack.unanswered(SampleDraw.draw(random, shards, samples)) > 0 ? 1 : 0;
            }
        }
        assertWithin(expected / draws, detected, draws, "n = " + shards);
    }

    private List<Integer> silent(Geometry geometry) {
        return new Attack(geometry).some(random, random.nextInt(geometry.faultTolerance() + 1));
    }

    /** The chance that at least one of so many draws without replacement is hidden. */
    private static double detection(int symbols, int hidden, int samples) {
        double missed = 1;
        for (int i = 0; i < samples; i++) {
            missed *= (double) (symbols - hidden - i) / (symbols - i);
        }
        return 1 - missed;
    }

    private static void assertWithin(double expected, int detected, int draws, String what) {
        double deviation = Math.sqrt(draws * expected * (1 - expected));
        assertTrue(
                Math.abs(detected - draws * expected) <= DEVIATIONS * deviation + 1,
                () -> what + ": " + detected + " of " + draws + " detected, expected " + draws * expected);
    }
}
