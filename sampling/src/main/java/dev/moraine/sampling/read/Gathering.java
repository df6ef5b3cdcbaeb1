package dev.moraine.sampling.read;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gathers as many good answers as are needed from a set of sources. Requests run on the connections' event loops;
 * asking, waiting and verifying happen on the one thread that reads.
 */
abstract class Gathering {
    private final CommitteeReader committee;
    private final Deadline deadline;
    private final BlameLog blame;
    private final BlockingQueue<MemberRequest> inbox;
    private final Candidates candidates;

    /**
     * Nothing is asked yet.
     *
     * @param inbox where ended requests go; gatherings of the same thread may share one
     * @param count how many sources there are
     * @param needed how many of them must answer well
     * @param patienceNs how long one may take before another is asked beside it
     */
    Gathering(
            CommitteeReader committee,
            Deadline deadline,
            BlameLog blame,
            BlockingQueue<MemberRequest> inbox,
            int count,
            int needed,
            long patienceNs) {
        this.committee = committee;
        this.deadline = deadline;
        this.blame = blame;
        this.inbox = inbox;
        this.candidates = new Candidates(count, needed, patienceNs);
    }

    /** Nothing is asked yet, and the inbox is its own. */
    Gathering(
            CommitteeReader committee, Deadline deadline, BlameLog blame, int count, int needed, long patienceNs) {
        this(committee, deadline, blame, new LinkedBlockingQueue<>(), count, needed, patienceNs);
    }

    /** Builds the request to a source. */
    abstract MemberRequest request(int candidate);

    /** Verifies and keeps an answer; false after it blamed the member for it. */
    abstract boolean accept(MemberRequest ended);

    /** Who stands behind a source. */
    abstract int memberOf(int candidate);

    /** Gets back what a request held that brought nothing. */
    void release(MemberRequest ended) {}

    /**
     * Asks and waits until enough good answers are there, or it is sure that they cannot be had, or the deadline
     * passes.
     *
     * @return whether they are there
     */
    final boolean gather() throws InterruptedException {
        try {
            while (!isComplete()) {
                if (!canStillComplete() || deadline.hasPassed()) {
                    // Whoever still has time is not to blame that others failed.
                    blameUnanswered(!deadline.hasPassed());
                    return false;
                }
                askMissing();
                MemberRequest ended = poll(nextWakeNs());
                if (ended != null) {
                    settle(ended);
                }
            }
            blameUnanswered(true);
            return true;
        } finally {
            abandonAll();
        }
    }

    /** Asks as many more as are missing, unless none can be asked now. Members without blame are preferred. */
    final void askMissing() {
        long nowNs = deadline.elapsedNs();
        candidates.suspectSlow(nowNs);
        while (candidates.wantsMore()) {
            int candidate = candidates.next(nowNs, this::isBlameless);
            if (candidate < 0) {
                return;
            }
            MemberRequest request = request(candidate);
            candidates.asked(request, nowNs);
            committee.send(request, deadline.remainingNs());
        }
    }

    /** Waits until a request of this inbox ends, but no longer than to the given instant and the deadline. */
    final @Nullable MemberRequest poll(long wakeNs) throws InterruptedException {
        long waitNs = Math.min(deadline.remainingNs(), wakeNs - deadline.elapsedNs());
        return inbox.poll(Math.max(0, waitNs), TimeUnit.NANOSECONDS);
    }

    final boolean isComplete() {
        return candidates.heldCount() >= candidates.needed();
    }

    final boolean canStillComplete() {
        return candidates.canStillComplete();
    }

    final boolean isMissingSome() {
        return candidates.missing() > 0;
    }

    /** When to look again even if no request ends. */
    final long nextWakeNs() {
        return candidates.nextWakeNs();
    }

    final boolean isHeld(int candidate) {
        return candidates.isHeld(candidate);
    }

    final int heldCount() {
        return candidates.heldCount();
    }

    /** Takes back an answer that turned out to be bad. */
    final void reject(int candidate) {
        candidates.failed(candidate);
    }

    final void blameUnanswered(boolean slowOnly) {
        for (MemberRequest request : candidates.running(slowOnly)) {
            blame.add(request.member(), FaultKind.NO_ANSWER, request.subject() + ": still waiting");
        }
    }

    /** Ends all requests; no memory of theirs is written to afterwards. */
    final void abandonAll() {
        candidates.running(false).forEach(MemberRequest::abandon);
    }

    final BlockingQueue<MemberRequest> inbox() {
        return inbox;
    }

    final CommitteeReader committee() {
        return committee;
    }

    final BlameLog blame() {
        return blame;
    }

    /** Deals with an ended request of this gathering. */
    final void settle(MemberRequest ended) {
        FaultKind fault = ended.fault();
        if (fault != null) {
            blame.add(ended.member(), fault, ended.detail());
            candidates.failed(ended, deadline.elapsedNs());
            release(ended);
        } else if (accept(ended)) {
            candidates.held(ended.candidate());
        } else {
            candidates.failed(ended.candidate());
            release(ended);
        }
    }

    private boolean isBlameless(int candidate) {
        return !blame.blames(memberOf(candidate));
    }
}
