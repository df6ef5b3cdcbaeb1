package dev.moraine.sampling.audit;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.sampling.audit.VerdictRequest.Reply;
import dev.moraine.sampling.read.Deadline;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.transport.PeerConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;

/**
 * Asks all members of a committee what they found when they read a whole blob, until members of weight at least f + 1
 * have signed the same (protocol, section 6). What a member signs counts for nothing until its signature verifies.
 *
 * <p>Calls block the calling thread, which may be a virtual one. Thread-safe; it does not own the connections.
 */
public final class AuditClient {
    /** How long a member that has no verdict yet is left alone. */
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final long NS_PER_MS = 1_000_000;

    private final Committee committee;
    private final List<PeerConnection> peers;
    private final NanoClock clock;

    /** When to ask a member again. */
    private record Retry(int member, long atNs) {}

    /**
     * A client that has asked nobody.
     *
     * @param committee whose members sign
     * @param peers one connection a member, in committee order; they stay the caller's
     * @param clock times retries
     * @throws IllegalArgumentException if there is not one connection for each member
     */
    public AuditClient(Committee committee, List<PeerConnection> peers, NanoClock clock) {
        if (peers.size() != committee.members().size()) {
            throw new IllegalArgumentException("peers must be " + committee.members().size() + " connections, but are "
                    + peers.size());
        }
        this.committee = committee;
        this.peers = List.copyOf(peers);
        this.clock = clock;
    }

    /**
     * Asks until a verdict binds or the deadline passes.
     *
     * @param blobId the blob
     * @param deadline when to stop
     * @return the binding verdict, or how far it came
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public AuditReport audit(BlobId blobId, Deadline deadline) throws InterruptedException {
        VerdictTally tally = new VerdictTally(committee, blobId);
        BlockingQueue<Reply> inbox = new LinkedBlockingQueue<>();
        List<Retry> retries = new ArrayList<>();
        VerdictRequest[] running = new VerdictRequest[peers.size()];
        for (int member = 0; member < running.length; member++) {
            running[member] = ask(member, blobId, deadline, inbox);
        }
        try {
            while (!tally.isBinding() && !deadline.hasPassed() && !tally.isHopeless()) {
                long nowNs = clock.nanoTime();
                long waitNs = deadline.remainingNs();
                for (Retry retry : List.copyOf(retries)) {
                    if (retry.atNs - nowNs <= 0) {
                        retries.remove(retry);
                        running[retry.member] = ask(retry.member, blobId, deadline, inbox);
                    } else {
                        waitNs = Math.min(waitNs, retry.atNs - nowNs);
                    }
                }
                Reply reply = inbox.poll(waitNs, TimeUnit.NANOSECONDS);
                if (reply != null && !tally.add(reply)) {
                    long delayNs = Math.max(RETRY_NS, reply.retryDelayMs() * NS_PER_MS);
                    retries.add(new Retry(reply.member(), clock.nanoTime() + delayNs));
                }
            }
        } finally {
            for (VerdictRequest request : running) {
                request.cancel();
            }
        }
        return tally.report();
    }

    private VerdictRequest ask(int member, BlobId blobId, Deadline deadline, BlockingQueue<Reply> inbox) {
        int waitMs = (int) Math.min(deadline.remainingNs() / NS_PER_MS, MessageLimits.MAX_WAIT_MS);
        return VerdictRequest.send(
                peers.get(member), member, blobId, waitMs, Math.max(1, deadline.remainingNs()), inbox::add);
    }
}
