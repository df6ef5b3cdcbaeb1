package dev.moraine.sampling.repair;

import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.sampling.feed.FeedPosition;
import dev.moraine.sampling.feed.FeedRequest;
import dev.moraine.storage.store.CertificateLog;
import dev.moraine.wire.message.FeedAnswer;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.transport.PeerConnection;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows the feeds of all other nodes, and brings the certificates that the node's own store lacks into it. A node that
 * lies or does not answer is asked again later; the others are enough. For the thread of the agent.
 */
final class CertificateExchange {
    private static final Logger LOGGER = System.getLogger(CertificateExchange.class.getName());
    private static final int WAIT_MS = 25_000;
    private static final long MIN_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long FIRST_BACKOFF_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long MAX_BACKOFF_NS = TimeUnit.MINUTES.toNanos(1);
    private static final long WRITE_INTERVAL_NS = TimeUnit.SECONDS.toNanos(2);
    private static final int MAX_DOUBLINGS = 10;

    private final Committee committee;
    private final List<Followed> followed = new ArrayList<>();
    private final FollowedFeeds positions;
    private final RepairSink sink;
    private final RepairCounters counters;
    private final LongSupplier currentEpoch;
    private final Consumer<Runnable> post;
    private long nextWriteNs;
    private boolean isWriteTimed;

    /** A certificate on its way to the store. */
    @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
    private record Learned(byte[] certificate, List<BundleEntry> entries) {}

    /** The feed of one node. */
    private static final class Followed {
        private final int member;
        private final PeerConnection peer;
        private final BundleGathering gathering;
        private final Queue<Learned> unstored = new ArrayDeque<>();
        private FeedPosition position;
        private @Nullable FeedRequest request;
        private int storing;
        private boolean hasFailed;
        private int failures;
        private long nextNs;

        private Followed(int member, PeerConnection peer, BundleGathering gathering, FeedPosition position, long nowNs) {
            this.member = member;
            this.peer = peer;
            this.gathering = gathering;
            this.position = position;
            this.nextNs = nowNs;
        }
    }

    /**
     * Nobody is asked yet.
     *
     * @param committee the committee
     * @param self this node's place in it
     * @param peers one connection a member
     * @param positions how far the feeds were followed
     * @param log what the node has
     * @param sink takes certificates
     * @param counters counts
     * @param currentEpoch what epoch it is
     * @param post brings work to the thread of the agent, from any
     * @param nowNs now
     */
    CertificateExchange(
            Committee committee,
            int self,
            List<PeerConnection> peers,
            FollowedFeeds positions,
            CertificateLog log,
            RepairSink sink,
            RepairCounters counters,
            LongSupplier currentEpoch,
            Consumer<Runnable> post,
            long nowNs) {
        this.committee = committee;
        this.positions = positions;
        this.sink = sink;
        this.counters = counters;
        this.currentEpoch = currentEpoch;
        this.post = post;
        for (int member = 0; member < peers.size(); member++) {
            if (member != self) {
                followed.add(new Followed(
                        member,
                        peers.get(member),
                        new BundleGathering(committee, log::holds),
                        positions.position(member),
                        nowNs));
            }
        }
    }

    /**
     * Asks and stores what is due.
     *
     * @param nowNs now
     * @return how much was done
     */
    int doWork(long nowNs) {
        int work = 0;
        for (Followed feed : followed) {
            while (!feed.unstored.isEmpty() && isTaken(feed, feed.unstored.element())) {
                feed.unstored.remove();
                work++;
            }
            boolean isIdle = feed.request == null && feed.storing == 0 && feed.unstored.isEmpty();
            if (isIdle && nowNs - feed.nextNs >= 0) {
                ask(feed, nowNs);
                work++;
            }
        }
        if (!isWriteTimed || nowNs - nextWriteNs >= 0) {
            isWriteTimed = true;
            nextWriteNs = nowNs + WRITE_INTERVAL_NS;
            positions.write();
        }
        return work;
    }

    private void ask(Followed feed, long nowNs) {
        if (feed.hasFailed) {
            // Something of the last answer was not stored: back to where all was.
            feed.hasFailed = false;
            feed.gathering.reset();
            feed.position = positions.position(feed.member);
        } else if (!feed.gathering.isWithinBundle()) {
            positions.setPosition(feed.member, feed.position);
        }
        feed.nextNs = nowNs + MIN_INTERVAL_NS;
        feed.request = FeedRequest.send(
                feed.peer,
                feed.member,
                List.of(),
                feed.position,
                MessageLimits.MAX_FEED_ENTRIES,
                WAIT_MS,
                outcome -> post.accept(() -> onOutcome(feed, outcome)));
    }

    private void onOutcome(Followed feed, FeedRequest.Outcome outcome) {
        feed.request = null;
        switch (outcome) {
            case FeedRequest.Outcome.Answered answered -> onAnswer(feed, answered.answer());
            case FeedRequest.Outcome.Ended ended -> {
                LOGGER.log(Level.DEBUG, () -> "a feed is not followed for a while: " + ended.fault());
                if (ended.fault().kind().isLie()) {
                    counters.addLie(feed.member);
                }
                putOff(feed);
            }
        }
    }

    private void onAnswer(Followed feed, FeedAnswer answer) {
        if (answer.feedId() != feed.position.feedId()) {
            feed.gathering.reset();
        } else if (answer.nextCursor() < feed.position.cursor()) {
            lied(feed, "the cursor goes back");
            return;
        }
        for (byte[] certificate : answer.blobCertificates()) {
            counters.add(RepairCount.BYTES_RECEIVED, certificate.length);
            switch (feed.gathering.add(certificate)) {
                case BundleGathering.Step.Continue _ -> {}
                case BundleGathering.Step.Wrong wrong -> {
                    lied(feed, wrong.detail());
                    return;
                }
                case BundleGathering.Step.Complete complete -> learn(feed, complete);
            }
        }
        feed.failures = 0;
        feed.position = new FeedPosition(answer.feedId(), answer.nextCursor());
    }

    private void learn(Followed feed, BundleGathering.Step.Complete complete) {
        long epoch = currentEpoch.getAsLong();
        if (complete.entries().stream().anyMatch(entry -> entry.expiryEpoch() >= epoch)) {
            Learned learned = new Learned(complete.certificate(), complete.entries());
            if (!feed.unstored.isEmpty() || !isTaken(feed, learned)) {
                feed.unstored.add(learned);
            }
        }
    }

    private boolean isTaken(Followed feed, Learned learned) {
        boolean isTaken = sink.keep(
                learned.certificate(), learned.entries(), isStored -> post.accept(() -> onStored(feed, isStored)));
        feed.storing += isTaken ? 1 : 0;
        return isTaken;
    }

    private void onStored(Followed feed, boolean isStored) {
        feed.storing--;
        if (isStored) {
            counters.add(RepairCount.CERTIFICATES_LEARNED);
        } else {
            feed.hasFailed = true;
            putOff(feed);
        }
    }

    private void lied(Followed feed, String detail) {
        LOGGER.log(
                Level.WARNING,
                () -> "the feed of " + committee.members().get(feed.member).name() + " is wrong: " + detail);
        counters.addLie(feed.member);
        feed.hasFailed = true;
        putOff(feed);
    }

    private static void putOff(Followed feed) {
        long delayNs = Math.min(MAX_BACKOFF_NS, FIRST_BACKOFF_NS << Math.min(feed.failures, MAX_DOUBLINGS));
        feed.failures++;
        feed.nextNs += delayNs;
    }

    /** Ends all requests, and notes how far it came. */
    void close() {
        for (Followed feed : followed) {
            FeedRequest request = feed.request;
            if (request != null) {
                request.cancel();
            }
        }
        positions.write();
    }
}
