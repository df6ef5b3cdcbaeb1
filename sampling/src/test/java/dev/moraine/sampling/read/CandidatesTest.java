package dev.moraine.sampling.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.GetHealth;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.transport.RequestFailure;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class CandidatesTest {
    private static final long PATIENCE_NS = 100;
    private static final long NEVER_NS = Long.MAX_VALUE;

    private final Queue<MemberRequest> inbox = new ArrayDeque<>();

    @Test
    void aSlowSourceIsHedgedAndStillWelcome() {
        Candidates candidates = new Candidates(3, 1, PATIENCE_NS);
        ask(candidates, 0);
        assertEquals(0, candidates.missing());
        assertEquals(PATIENCE_NS, candidates.nextWakeNs());
        candidates.suspectSlow(PATIENCE_NS - 1);
        assertEquals(0, candidates.missing());
        candidates.suspectSlow(PATIENCE_NS);
        assertEquals(1, candidates.missing());
        assertEquals(NEVER_NS, candidates.nextWakeNs());
        ask(candidates, PATIENCE_NS);
        assertEquals(2, candidates.running(false).size());
        assertEquals(1, candidates.running(true).size());
        candidates.held(0);
        assertEquals(1, candidates.heldCount());
        assertTrue(candidates.missing() < 0);
    }

    @Test
    void aBusySourceIsAskedAgainWhenItSaidUnlessItSaysSoTooOften() {
        Candidates candidates = new Candidates(1, 1, PATIENCE_NS);
        long nowNs = 0;
        for (int attempt = 1; attempt <= Candidates.MAX_ATTEMPTS; attempt++) {
            MemberRequest request = ask(candidates, nowNs);
            request.onMessage(new Busy(1, 7));
            boolean isFinal = candidates.failed(inbox.remove(), nowNs);
            assertEquals(attempt == Candidates.MAX_ATTEMPTS, isFinal);
            assertEquals(!isFinal, candidates.canStillComplete());
            if (!isFinal) {
                assertEquals(nowNs + 7_000_000, candidates.nextWakeNs());
                assertEquals(-1, candidates.next(nowNs + 6_999_999, _ -> true));
                nowNs += 7_000_000;
            }
        }
        assertEquals(-1, candidates.next(NEVER_NS, _ -> true));
    }

    @Test
    void lostConnectionsAreTriedAgainEverMoreSlowlyAndRefusalsAreNot() {
        assertEquals(Candidates.RECONNECT_DELAY_NS, delayNs(RequestFailure.DISCONNECTED, 1));
        assertEquals(2 * Candidates.RECONNECT_DELAY_NS, delayNs(RequestFailure.UNREACHABLE, 2));
        assertEquals(NEVER_NS, delayNs(RequestFailure.DISCONNECTED, Candidates.MAX_ATTEMPTS));
        assertEquals(NEVER_NS, delayNs(RequestFailure.TIMED_OUT, 1));
        assertEquals(NEVER_NS, delayNs(RequestFailure.REJECTED, 1));
        assertTrue(delayNs(RequestFailure.OVER_LIMIT, 1) < NEVER_NS);
    }

    @Test
    void theLongestDelayThatAMemberMayAskForDoesNotOverflow() {
        MemberRequest request = request(0);
        request.onMessage(new Busy(1, MessageLimits.MAX_RETRY_DELAY_MS));
        assertEquals(MessageLimits.MAX_RETRY_DELAY_MS * 1_000_000L, Candidates.retryDelayNs(request, 1));
    }

    @Test
    void blamelessSourcesArePreferredAndOthersStillUsed() {
        Candidates candidates = new Candidates(3, 3, PATIENCE_NS);
        assertEquals(1, candidates.next(0, i -> i == 1));
        assertEquals(0, candidates.next(0, _ -> false));
        candidates.failed(0);
        assertEquals(1, candidates.next(0, _ -> false));
        assertFalse(candidates.canStillComplete());
    }

    @Test
    void noMoreRunThanTheLimit() {
        Candidates candidates = new Candidates(Candidates.MAX_RUNNING + 1, Candidates.MAX_RUNNING + 1, PATIENCE_NS);
        for (int i = 0; i < Candidates.MAX_RUNNING; i++) {
            assertTrue(candidates.wantsMore());
            ask(candidates, 0);
        }
        assertFalse(candidates.wantsMore());
        candidates.held(0);
        assertTrue(candidates.wantsMore());
    }

    private long delayNs(RequestFailure failure, int attempts) {
        MemberRequest request = request(0);
        request.onFailure(failure);
        return Candidates.retryDelayNs(request, attempts);
    }

    private MemberRequest ask(Candidates candidates, long nowNs) {
        MemberRequest request = request(candidates.next(nowNs, _ -> true));
        candidates.asked(request, nowNs);
        return request;
    }

    private MemberRequest request(int candidate) {
        return new BytesRequest(inbox, 0, candidate, "health", GetHealth::new, _ -> null);
    }
}
