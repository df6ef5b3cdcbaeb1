package dev.moraine.sampling.feed;

import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.sampling.read.Deadline;
import dev.moraine.sampling.read.FaultKind;
import dev.moraine.sampling.read.MemberFault;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.transport.PeerConnection;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Follows the list of certificates of one node. Whoever keeps the position of the last batch, and goes on there, misses
 * no certificate that the node kept, however long it was away; a certificate may come twice. A node may leave
 * certificates out on purpose: followers of f + 1 nodes follow an honest one.
 *
 * <p>Calls block the calling thread, which may be a virtual one. Used by one thread at a time.
 */
public final class FeedReader {
    private final PeerConnection peer;
    private final int member;
    private final Set<Namespace> namespaces;
    private final FeedAnswers answers;
    private FeedPosition position;

    /**
     * Follows from a position on. Nothing is asked yet.
     *
     * @param committee who signs certificates
     * @param peer the way to the node, which stays the caller's
     * @param member the node's place in the committee
     * @param namespaces whose certificates are wanted, at most {@link MessageLimits#MAX_FEED_NAMESPACES}; empty for all
     * @param start where to begin, {@link FeedPosition#START} or one that a batch of the same node and namespaces gave
     * @throws IndexOutOfBoundsException if there is no such member
     * @throws IllegalArgumentException if there are too many namespaces
     */
    public FeedReader(
            Committee committee,
            PeerConnection peer,
            int member,
            Collection<Namespace> namespaces,
            FeedPosition start) {
        Objects.checkIndex(member, committee.members().size());
        if (namespaces.size() > MessageLimits.MAX_FEED_NAMESPACES) {
            throw new IllegalArgumentException("namespaces must be at most " + MessageLimits.MAX_FEED_NAMESPACES
                    + ", but are " + namespaces.size());
        }
        this.peer = peer;
        this.member = member;
        this.namespaces = Set.copyOf(namespaces);
        this.answers = new FeedAnswers(committee, member, this.namespaces);
        this.position = start;
    }

    /**
     * Where the next batch begins.
     *
     * @return the position, to be kept by whoever wants to go on later
     */
    public FeedPosition position() {
        return position;
    }

    /**
     * Asks for the next certificates.
     *
     * @param maxEntries most of them, from 1 to {@link MessageLimits#MAX_FEED_ENTRIES}
     * @param wait how long the node may wait for one if it has none, cut to {@link MessageLimits#MAX_WAIT_MS}
     * @param deadline when to give up
     * @return the certificates, possibly none, or why there is no answer
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public FeedResult next(int maxEntries, Duration wait, Deadline deadline) throws InterruptedException {
        int waitMs = Math.clamp(wait.toMillis(), 0, MessageLimits.MAX_WAIT_MS);
        FeedPosition asked = position;
        CompletableFuture<FeedRequest.Outcome> over = new CompletableFuture<>();
        FeedRequest request =
                FeedRequest.send(peer, member, namespaces, asked, maxEntries, waitMs, over::complete);
        try {
            FeedRequest.Outcome outcome = over.get(deadline.remainingNs(), TimeUnit.NANOSECONDS);
            FeedResult result = switch (outcome) {
                case FeedRequest.Outcome.Answered answered ->
                    answers.check(asked, maxEntries, answered.answer());
                case FeedRequest.Outcome.Ended ended -> new FeedResult.Failed(ended.fault());
            };
            if (result instanceof FeedResult.Batch batch) {
                position = batch.position();
            }
            return result;
        } catch (TimeoutException e) {
            return new FeedResult.Failed(new MemberFault(member, FaultKind.NO_ANSWER, "feed: the deadline passed"));
        } catch (ExecutionException e) {
            throw new IllegalStateException("a request never ends with an exception", e);
        } finally {
            request.cancel();
        }
    }
}
