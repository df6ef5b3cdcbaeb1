package dev.moraine.codec;

import dev.moraine.codec.field.CantorField;
import java.util.Arrays;

/**
 * Which shards a recovery reads and which it writes: the key of {@link RecoveryCache}. A thread fills the same pattern
 * again for every call, so that a recovery that is known allocates nothing; a cache keeps copies.
 *
 * <p>Not thread-safe.
 */
final class RecoveryPattern {
    private static final int WORDS = CantorField.SIZE / Long.SIZE;

    private final long[] sources;
    private final long[] targets;

    /** An empty pattern. */
    RecoveryPattern() {
        this(new long[WORDS], new long[WORDS]);
    }

    private RecoveryPattern(long[] sources, long[] targets) {
        this.sources = sources;
        this.targets = targets;
    }

    /** Forgets all shards. */
    void clear() {
        Arrays.fill(sources, 0);
        Arrays.fill(targets, 0);
    }

    /**
     * Adds a shard that is read.
     *
     * @param shard from 0 to 255
     */
    void addSource(int shard) {
        add(sources, shard);
    }

    /**
     * Adds a shard that is written.
     *
     * @param shard from 0 to 255
     */
    void addTarget(int shard) {
        add(targets, shard);
    }

    /**
     * Whether a shard is read.
     *
     * @param shard from 0 to 255
     */
    boolean isSource(int shard) {
        return (sources[shard / Long.SIZE] >>> shard & 1) != 0;
    }

    /** Whether anything is written. */
    boolean hasTargets() {
        long any = 0;
        for (long word : targets) {
            any |= word;
        }
        return any != 0;
    }

    /** The shards that are read, ascending. */
    int[] sources() {
        return shards(sources);
    }

    /** The shards that are written, ascending. */
    int[] targets() {
        return shards(targets);
    }

    /** A pattern of the same shards that nobody changes. */
    RecoveryPattern copy() {
        return new RecoveryPattern(sources.clone(), targets.clone());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecoveryPattern pattern
                && Arrays.equals(sources, pattern.sources)
                && Arrays.equals(targets, pattern.targets);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(sources) + Arrays.hashCode(targets);
    }

    private static void add(long[] words, int shard) {
        words[shard / Long.SIZE] |= 1L << shard;
    }

    private static int[] shards(long[] words) {
        int[] shards = new int[CantorField.SIZE];
        int count = 0;
        for (int shard = 0; shard < CantorField.SIZE; shard++) {
            if ((words[shard / Long.SIZE] >>> shard & 1) != 0) {
                shards[count++] = shard;
            }
        }
        return Arrays.copyOf(shards, count);
    }
}
