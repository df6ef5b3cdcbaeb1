package dev.moraine.testing;

import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The seed of a randomised test: fresh in every run, printed, and replayed by {@code -Dmoraine.seed=…}.
 */
public final class Seed {
    private static final String PROPERTY_NAME = "moraine.seed";

    private Seed() {}

    /**
     * Gives a generator and prints how to get the same one again.
     *
     * @param testName what the printed line names
     * @return a generator over the replayed or a fresh seed
     */
    public static Random random(String testName) {
        String replayed = System.getProperty(PROPERTY_NAME, "");
        long seed = replayed.isEmpty() ? ThreadLocalRandom.current().nextLong() : Long.parseLong(replayed);
        System.out.println(testName + ": replay with -D" + PROPERTY_NAME + "=" + seed);
        return new Random(seed);
    }

    /**
     * Random bytes.
     *
     * @param random the generator
     * @param lengthBytes how many
     * @return a new array
     */
    public static byte[] bytes(Random random, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        random.nextBytes(bytes);
        return bytes;
    }
}
