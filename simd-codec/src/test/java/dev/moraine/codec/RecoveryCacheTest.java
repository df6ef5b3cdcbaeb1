package dev.moraine.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

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

    @Test
    void aPatternThatChangesAfterTheCallDoesNotDisturbTheCache() {
        RecoveryPattern pattern = pattern(3);
        CodecKernel.PreparedMap third = cache.get(pattern);
        pattern.clear();
        assertSame(third, recovery(3));
    }

    private CodecKernel.PreparedMap recovery(int index) {
        return cache.get(pattern(index));
    }

    private static RecoveryPattern pattern(int index) {
        RecoveryPattern pattern = new RecoveryPattern();
        for (int shard = 0; shard < DATA_SHARDS; shard++) {
            pattern.addSource(DATA_SHARDS + index + shard);
            pattern.addTarget(shard);
        }
        return pattern;
    }
}
