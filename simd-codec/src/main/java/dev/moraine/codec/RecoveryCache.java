package dev.moraine.codec;

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
    /** In the order of last use. */
    private final LinkedHashMap<RecoveryPattern, CodecKernel.PreparedMap> recent =
            new LinkedHashMap<>(2 * MAX_PATTERNS, 0.75f, true);

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
     * The map from some shards to others. Allocates nothing if it is kept.
     *
     * @param pattern as many sources as the code has data shards, and targets other than those; may be changed after
     *     the call
     * @return the prepared map
     */
    CodecKernel.PreparedMap get(RecoveryPattern pattern) {
        CodecKernel.PreparedMap known = find(pattern);
        if (known != null) {
            return known;
        }
        CodecKernel.PreparedMap prepared = kernel.prepareRecovery(points, pattern.sources(), pattern.targets());
        keep(pattern.copy(), prepared);
        return prepared;
    }

    /** Patterns that are kept now. */
    synchronized int size() {
        return recent.size();
    }

    private synchronized CodecKernel.@Nullable PreparedMap find(RecoveryPattern pattern) {
        return recent.get(pattern);
    }

    private synchronized void keep(RecoveryPattern pattern, CodecKernel.PreparedMap prepared) {
        recent.put(pattern, prepared);
        if (recent.size() > MAX_PATTERNS) {
            recent.pollFirstEntry();
        }
    }
}
