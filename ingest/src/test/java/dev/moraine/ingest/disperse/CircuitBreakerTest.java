package dev.moraine.ingest.disperse;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
    private static final long MIN_NS = 100;
    private static final long MAX_NS = 400;

    private final CircuitBreaker breaker = new CircuitBreaker(MIN_NS, MAX_NS, new SplittableRandom(1));

    @Test
    void aFailureKeepsTheNodeOutUntilAProbeSucceeds() {
        assertTrue(breaker.isClosed());
        assertTrue(breaker.onFailure(0));
        assertFalse(breaker.isClosed());
        assertFalse(breaker.tryProbe(MIN_NS / 2 - 1));
        assertTrue(breaker.tryProbe(MIN_NS));
        assertFalse(breaker.tryProbe(MIN_NS), "two probes at a time");
        assertTrue(breaker.onSuccess());
        assertTrue(breaker.isClosed());
        assertFalse(breaker.onSuccess());
    }

    @Test
    void failuresOfBundlesFromBeforeDoNotLengthenThePause() {
        breaker.onFailure(0);
        assertFalse(breaker.onFailure(90));
        assertTrue(breaker.tryProbe(MIN_NS));
    }

    @Test
    void thePauseDoublesUpToItsLimitAndStartsAnewAfterASuccess() {
        long nowNs = 0;
        for (long pauseNs : new long[] {MIN_NS, 2 * MIN_NS, MAX_NS, MAX_NS}) {
            breaker.onFailure(nowNs);
            assertFalse(breaker.tryProbe(nowNs + pauseNs / 2 - 1));
            nowNs += pauseNs;
            assertTrue(breaker.tryProbe(nowNs));
        }
        breaker.onSuccess();
        breaker.onFailure(nowNs);
        assertTrue(breaker.tryProbe(nowNs + MIN_NS));
    }

    @Test
    void aProbeWithoutAVerdictIsRepeated() {
        breaker.onFailure(0);
        assertTrue(breaker.tryProbe(MIN_NS));
        breaker.onNoVerdict();
        assertFalse(breaker.isClosed());
        assertTrue(breaker.tryProbe(MIN_NS));
    }
}
