package dev.moraine.sampling.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Interchangeable sources of an answer, so many of which are needed: who is asked next, who is slow, who may be asked
 * again. Low numbers are asked first. A source that fails is replaced at once, one that is slow after the patience is
 * over.
 *
 * <p>Instants are nanoseconds since the read began. Used by the reading thread only.
 */
final class Candidates {
    /** Most sources that are counted on at the same time. */
    static final int MAX_RUNNING = 256;

    /** How often a source is asked before its being busy or disconnected counts as final. */
    static final int MAX_ATTEMPTS = 4;

    /** First wait before a lost connection is tried again; it doubles with every attempt. */
    static final long RECONNECT_DELAY_NS = 50_000_000;

    private static final long NEVER_NS = Long.MAX_VALUE;
    private static final long NS_PER_MS = 1_000_000;

    private enum State {
        UNTRIED,
        PENDING,
        /** Pending for longer than the patience: the answer is still welcome, but no longer counted on. */
        SLOW,
        WAITING,
        HELD,
        FAILED
    }

    private final int needed;
    private final long patienceNs;
    private final State[] states;
    private final int[] attempts;
    private final long[] wakeNs;
    private final @Nullable MemberRequest[] requests;

    Candidates(int count, int needed, long patienceNs) {
        this.needed = needed;
        this.patienceNs = patienceNs;
        states = new State[count];
        Arrays.fill(states, State.UNTRIED);
        attempts = new int[count];
        wakeNs = new long[count];
        requests = new MemberRequest[count];
    }

    /** How many more must be asked, if all that are counted on answer well. */
    int missing() {
        return needed - count(State.HELD) - count(State.PENDING);
    }

    /** Whether another is to be asked now. */
    boolean wantsMore() {
        return missing() > 0 && count(State.PENDING) < MAX_RUNNING;
    }

    int needed() {
        return needed;
    }

    int heldCount() {
        return count(State.HELD);
    }

    boolean isHeld(int candidate) {
        return states[candidate] == State.HELD;
    }

    /** Whether enough answers can still come, from whomever. */
    boolean canStillComplete() {
        return states.length - count(State.FAILED) >= needed;
    }

    /**
     * The next source to ask: one that was never asked, rather than one that is to be asked again.
     *
     * @return the source, or −1 if none can be asked now
     */
    int next(long nowNs, IntPredicate isPreferred) {
        int second = -1;
        for (int i = 0; i < states.length; i++) {
            if (states[i] == State.UNTRIED) {
                if (isPreferred.test(i)) {
                    return i;
                }
                second = second < 0 ? i : second;
            }
        }
        for (int i = 0; second < 0 && i < states.length; i++) {
            if (states[i] == State.WAITING && wakeNs[i] <= nowNs) {
                second = i;
            }
        }
        return second;
    }

    void asked(MemberRequest request, long nowNs) {
        int candidate = request.candidate();
        states[candidate] = State.PENDING;
        attempts[candidate]++;
        requests[candidate] = request;
        wakeNs[candidate] = nowNs + patienceNs;
    }

    void held(int candidate) {
        settle(candidate, State.HELD);
    }

    void failed(int candidate) {
        settle(candidate, State.FAILED);
    }

    /**
     * Takes note of a failed request.
     *
     * @return whether the failure is final; if not, the source will be asked again
     */
    boolean failed(MemberRequest request, long nowNs) {
        int candidate = request.candidate();
        long delayNs = retryDelayNs(request, attempts[candidate]);
        if (delayNs == NEVER_NS) {
            failed(candidate);
            return true;
        }
        settle(candidate, State.WAITING);
        wakeNs[candidate] = nowNs + delayNs;
        return false;
    }

    /** Stops counting on those that have taken too long. */
    void suspectSlow(long nowNs) {
        for (int i = 0; i < states.length; i++) {
            if (states[i] == State.PENDING && wakeNs[i] <= nowNs) {
                states[i] = State.SLOW;
            }
        }
    }

    /** When something is to be done although no answer came; {@link Long#MAX_VALUE} if never. */
    long nextWakeNs() {
        boolean wantsMore = wantsMore();
        long next = NEVER_NS;
        for (int i = 0; i < states.length; i++) {
            if (states[i] == State.PENDING || (states[i] == State.WAITING && wantsMore)) {
                next = Math.min(next, wakeNs[i]);
            }
        }
        return next;
    }

    /** The requests that have not ended, slow ones only or all. */
    List<MemberRequest> running(boolean slowOnly) {
        List<MemberRequest> running = new ArrayList<>();
        for (int i = 0; i < states.length; i++) {
            MemberRequest request = requests[i];
            if (request != null && (states[i] == State.SLOW || (states[i] == State.PENDING && !slowOnly))) {
                running.add(request);
            }
        }
        return running;
    }

    /**
     * How long to wait before a failed request is sent again.
     *
     * @return nanoseconds, or {@link Long#MAX_VALUE} if there is no point
     */
    static long retryDelayNs(MemberRequest request, int attempts) {
        FaultKind fault = request.fault();
        if (attempts >= MAX_ATTEMPTS) {
            return NEVER_NS;
        }
        if (fault == FaultKind.BUSY) {
            return Math.max(1, request.retryDelayMs()) * NS_PER_MS;
        }
        return fault == FaultKind.DISCONNECTED ? RECONNECT_DELAY_NS << (attempts - 1) : NEVER_NS;
    }

    private void settle(int candidate, State state) {
        states[candidate] = state;
        requests[candidate] = null;
    }

    private int count(State wanted) {
        int count = 0;
        for (State state : states) {
            if (state == wanted) {
                count++;
            }
        }
        return count;
    }
}
