package dev.moraine.sampling.light;

import dev.moraine.wire.message.Coordinate;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Draws coordinates without replacement, each set of them as likely as every other. */
final class SampleDraw {
    private SampleDraw() {}

    /**
     * Draws by the first steps of a Fisher-Yates shuffle of all symbols.
     *
     * @param random unpredictable for whoever could withhold symbols
     * @param shards the shard count n
     * @param samples how many, from 0 to n·n
     * @return distinct coordinates
     */
    static List<Coordinate> draw(RandomGenerator random, int shards, int samples) {
        int[] symbols = new int[shards * shards];
        for (int i = 0; i < symbols.length; i++) {
            symbols[i] = i;
        }
        List<Coordinate> drawn = new ArrayList<>(samples);
        for (int i = 0; i < samples; i++) {
            int other = random.nextInt(i, symbols.length);
            int symbol = symbols[other];
            symbols[other] = symbols[i];
            drawn.add(new Coordinate(symbol / shards, symbol % shards));
        }
        return drawn;
    }
}
