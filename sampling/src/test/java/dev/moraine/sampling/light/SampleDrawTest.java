package dev.moraine.sampling.light;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.testing.Seed;
import dev.moraine.wire.message.Coordinate;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SampleDrawTest {
    private static final int DRAWS = 20_000;

    private final Random random = Seed.random("SampleDrawTest");

    @Test
    void drawsAreDistinctAndWithinTheMatrix() {
        for (int samples : new int[] {0, 1, 17, 48, 49}) {
            List<Coordinate> drawn = SampleDraw.draw(random, 7, samples);
            assertEquals(samples, Set.copyOf(drawn).size());
            for (Coordinate each : drawn) {
                assertTrue(each.row() < 7 && each.column() < 7);
            }
        }
    }

    @Test
    void allSamplesAreTheWholeMatrix() {
        Set<Coordinate> all = new HashSet<>();
        for (int i = 0; i < 16; i++) {
            all.add(new Coordinate(i / 4, i % 4));
        }
        assertEquals(all, Set.copyOf(SampleDraw.draw(random, 4, 16)));
    }

    @Test
    void everySymbolIsAsLikelyAsEveryOtherInEveryPlace() {
        int[][] counts = new int[3][16];
        for (int draw = 0; draw < DRAWS; draw++) {
            List<Coordinate> drawn = SampleDraw.draw(random, 4, 3);
            for (int place = 0; place < 3; place++) {
                counts[place][drawn.get(place).row() * 4 + drawn.get(place).column()]++;
            }
        }
        double expected = DRAWS / 16.0;
        double tolerated = 7 * Math.sqrt(expected);
        for (int[] place : counts) {
            for (int count : place) {
                assertEquals(expected, count, tolerated);
            }
        }
    }
}
