package dev.moraine.codec;

import java.util.BitSet;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The recoveries of one code that were used last, by which shards are read and which are written. Patterns repeat as
 * long as the same nodes are away, and preparing one costs more than a short line.
 *
 * <p>Thread-safe. Two threads that miss the same pattern at once both prepare it, and either result serves.
 */
final class RecoveryCache {
    /** Patterns kept for a code; a scalar table of the widest pattern of 192 shards takes about 2 MiB. */
    static final int MAX_PATTERNS = 16;

    private final CodePoints points;
    private final CodecKernel kernel;
    private final LinkedHashMap<Pattern, CodecKernel.PreparedMap> recent = new LinkedHashMap<>();

    /**
     * An empty cache.
     *
     * @param points the code
     * @param kernel what prepares its maps
     */
    RecoveryCache(CodePoints points, CodecKernel kernel) {
        this.points = points;
        this.kernel = kernel;
    }

    /**
     * The map from some shards to others.
     *
     * @param sources as many shard indices as the code has data shards; the caller does not change the set afterwards
     * @param targets shard indices, none of them a source; the caller does not change the set afterwards
     * @return the prepared map
     */
    CodecKernel.PreparedMap get(BitSet sources, BitSet targets) {
        Pattern pattern = new Pattern(sources, targets);
        CodecKernel.PreparedMap known = find(pattern);
        if (known != null) {
            return known;
        }
        CodecKernel.PreparedMap prepared =
                kernel.prepareRecovery(points, sources.stream().toArray(), targets.stream().toArray());
        keep(pattern, prepared);
        return prepared;
    }

    /** Patterns that are kept now. */
    synchronized int size() {
        return recent.size();
    }

    private synchronized CodecKernel.@Nullable PreparedMap find(Pattern pattern) {
        CodecKernel.PreparedMap known = recent.get(pattern);
        if (known != null) {
            recent.putLast(pattern, known);
        }
        return known;
    }

    private synchronized void keep(Pattern pattern, CodecKernel.PreparedMap prepared) {
        recent.putLast(pattern, prepared);
        if (recent.size() > MAX_PATTERNS) {
            recent.pollFirstEntry();
        }
    }

    private record Pattern(BitSet sources, BitSet targets) {}
}
