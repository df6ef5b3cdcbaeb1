package dev.moraine.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

/** The cache keeps what was used last, and no more than its limit. */
class RecoveryCacheTest {
    private static final int DATA_SHARDS = 2;

    private final RecoveryCache cache = new RecoveryCache(new CodePoints(DATA_SHARDS, 40), new ScalarKernel());

    @Test
    void aPatternIsPreparedOnce() {
        assertSame(recovery(5), recovery(5));
        assertNotSame(recovery(5), recovery(6));
    }

    @Test
    void oneMoreThanTheLimitDropsThePatternThatWasNotUsedLongest() {
        CodecKernel.PreparedMap first = recovery(0);
        CodecKernel.PreparedMap second = recovery(1);
        for (int pattern = 2; pattern < RecoveryCache.MAX_PATTERNS; pattern++) {
            recovery(pattern);
        }
        assertEquals(RecoveryCache.MAX_PATTERNS, cache.size());
        assertSame(first, recovery(0));
        recovery(RecoveryCache.MAX_PATTERNS);
        assertEquals(RecoveryCache.MAX_PATTERNS, cache.size());
        assertSame(first, recovery(0));
        assertNotSame(second, recovery(1));
    }

    private CodecKernel.PreparedMap recovery(int pattern) {
        BitSet sources = new BitSet();
        sources.set(DATA_SHARDS + pattern, 2 * DATA_SHARDS + pattern);
        BitSet targets = new BitSet();
        targets.set(0, DATA_SHARDS);
        return cache.get(sources, targets);
    }
}
