package dev.moraine.ingest.disperse;

import java.util.random.RandomGenerator;

/**
 * Keeps a node that failed out of new bundles, so that it costs nothing, and lets one bundle at a time try it again after
 * a pause. The pause doubles with every try that fails, and is from half to all of that at random.
 *
 * <p>Belongs to the dispersal's thread.
 */
final class CircuitBreaker {
    private final long minPauseNs;
    private final long maxPauseNs;
    private final RandomGenerator random;
    private State state = State.CLOSED;
    private long pauseNs;
    private long probeAtNs;

    private enum State {
        CLOSED,
        OPEN,
        PROBING
    }

    /**
     * A breaker that lets everything through.
     *
     * @param minPauseNs the first pause
     * @param maxPauseNs the longest pause
     * @param random spreads the pauses
     */
    CircuitBreaker(long minPauseNs, long maxPauseNs, RandomGenerator random) {
        this.minPauseNs = minPauseNs;
        this.maxPauseNs = maxPauseNs;
        this.random = random;
        this.pauseNs = minPauseNs;
    }

    /** {@return whether the node takes part in every bundle} */
    boolean isClosed() {
        return state == State.CLOSED;
    }

    /** {@return whether one bundle is trying the node} */
    boolean isProbing() {
        return state == State.PROBING;
    }

    /**
     * Lets a bundle try the node, if the pause is over and no other bundle does.
     *
     * @param nowNs now
     * @return whether this one may
     */
    boolean tryProbe(long nowNs) {
        if (state != State.OPEN || nowNs - probeAtNs < 0) {
            return false;
        }
        state = State.PROBING;
        return true;
    }

    /**
     * The node did what it should.
     *
     * @return whether it is let in again by this
     */
    boolean onSuccess() {
        boolean wasOut = state != State.CLOSED;
        state = State.CLOSED;
        pauseNs = minPauseNs;
        return wasOut;
    }

    /**
     * The node did not do what it should. Failures of older bundles do not count again.
     *
     * @param nowNs now
     * @return whether it is kept out from now on, and was not before
     */
    boolean onFailure(long nowNs) {
        if (state == State.OPEN) {
            return false;
        }
        boolean wasClosed = state == State.CLOSED;
        state = State.OPEN;
        probeAtNs = nowNs + pauseNs / 2 + random.nextLong(pauseNs / 2 + 1);
        pauseNs = Math.min(maxPauseNs, 2 * pauseNs);
        return wasClosed;
    }

    /** The try ended without an answer that says anything: the next bundle tries. */
    void onNoVerdict() {
        if (state == State.PROBING) {
            state = State.OPEN;
        }
    }
}
