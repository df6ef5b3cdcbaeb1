package dev.moraine.sampling.scripted;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Choices of members. */
public final class Subsets {
    private Subsets() {}

    /** Every set of so many of the numbers from 0 on, ascending. */
    public static List<List<Integer>> all(int of, int size) {
        List<List<Integer>> subsets = new ArrayList<>();
        for (int bits = 0; bits < 1 << of; bits++) {
            if (Integer.bitCount(bits) == size) {
                int chosen = bits;
                subsets.add(IntStream.range(0, of)
                        .filter(i -> (chosen >> i & 1) == 1)
                        .boxed()
                        .toList());
            }
        }
        return subsets;
    }

    /** So many random ones of them, or all if there are no more. */
    public static List<List<Integer>> some(Random random, int of, int size, int count) {
        List<List<Integer>> subsets = new ArrayList<>(all(of, size));
        Collections.shuffle(subsets, random);
        return subsets.subList(0, Math.min(count, subsets.size()));
    }
}
