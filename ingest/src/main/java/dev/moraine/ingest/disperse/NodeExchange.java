package dev.moraine.ingest.disperse;

import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.wire.message.BundleGrant;
import dev.moraine.wire.message.BundleRefused;
import dev.moraine.wire.message.BundleSigned;
import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.EntryRefusal;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.transport.RequestFailure;
import dev.moraine.wire.transport.ResponseHandler;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The talk with one node about one bundle: offer, grant, slivers, signature. A busy node is asked again after the delay
 * that it named, and somewhat more at random, until the bundle's deadline.
 *
 * <p>Belongs to the dispersal's thread; the network threads only see an {@link Attempt}.
 */
final class NodeExchange {
    private static final long NOT_WAITING = Long.MAX_VALUE;

    private final BundleDispersal bundle;
    private final int member;
    private final PeerQueue peer;
    private final DispersalResources resources;

    private @Nullable Attempt attempt;
    private @Nullable SliverStream stream;
    private final long bytes;
    private boolean isOwed;
    private long retryAtNs = NOT_WAITING;
    private NodeOutcome outcome = NodeOutcome.PENDING;
    private String detail = "";

    /**
     * Prepares the talk.
     *
     * @param bundle what is offered
     * @param member the node's index in the committee
     * @param resources the connections and the mailbox
     */
    NodeExchange(BundleDispersal bundle, int member, DispersalResources resources) {
        this.bundle = bundle;
        this.member = member;
        this.resources = resources;
        this.peer = resources.peers().get(member);
        this.bytes = bytesOf(bundle.batches(), resources.settings().committee().weight(member));
    }

    private static long bytesOf(List<EncodedBatch> batches, int shards) {
        long bytes = 0;
        for (int i = 0; i < batches.size(); i++) {
            bytes += batches.get(i).bytesFor(shards);
        }
        return bytes;
    }

    /** {@return the node's index} */
    int member() {
        return member;
    }

    /** {@return where the node stands} */
    NodeOutcome outcome() {
        return outcome;
    }

    /** {@return whether the node may still sign} */
    boolean isPending() {
        return outcome == NodeOutcome.PENDING;
    }

    /** {@return when the node is asked again, or {@link Long#MAX_VALUE}} */
    long retryAtNs() {
        return retryAtNs;
    }

    /** {@return what the node answered, for people} */
    String describe() {
        return detail.isEmpty() ? outcome.name() : outcome + " (" + detail + ")";
    }

    /**
     * Sends the offer.
     *
     * @param timeoutNs how long the node may take to its last answer
     */
    void offer(long timeoutNs) {
        retryAtNs = NOT_WAITING;
        if (!isOwed) {
            isOwed = true;
            peer.owe(bytes);
        }
        Attempt started = new Attempt();
        attempt = started;
        started.requestId = peer.connection().request(bundle::offer, started, timeoutNs);
    }

    /**
     * Ends the talk; what the node answers later is not heard.
     *
     * @param how where the node stands for good
     * @param why for people, or empty
     */
    void end(NodeOutcome how, String why) {
        if (!isPending()) {
            return;
        }
        outcome = how;
        detail = why;
        retryAtNs = NOT_WAITING;
        stopSending();
        attempt = null;
        if (isOwed) {
            isOwed = false;
            peer.owe(-bytes);
        }
    }

    /**
     * Lets a node sign after all that could not be reached, or was not asked.
     *
     * @param atNs when it is asked
     */
    void revive(long atNs) {
        outcome = NodeOutcome.PENDING;
        detail = "";
        retryAtNs = atNs;
        bundle.onRetryAt(atNs);
    }

    /** {@return what the node's answers say about it} */
    NodeStanding standing() {
        return peer.standing();
    }

    /**
     * Ends the talk without waiting for the node.
     *
     * @param how where the node stands for good
     * @param why for people, or empty
     */
    void breakOff(NodeOutcome how, String why) {
        Attempt running = attempt;
        end(how, why);
        if (running != null) {
            peer.connection().cancel(running.requestId);
        }
    }

    /** Marks the signature as none of the statement. */
    void signatureIsBad() {
        outcome = NodeOutcome.BAD_SIGNATURE;
    }

    private void stopSending() {
        if (stream != null) {
            peer.remove(stream);
            stream = null;
        }
    }

    private void granted(Attempt from, List<Integer> wantedEntries) {
        int last = wantedEntries.isEmpty() ? -1 : wantedEntries.getLast();
        if (last >= bundle.batches().size()) {
            breakOff(NodeOutcome.VIOLATION, "wanted entry " + last);
            bundle.onEnded(this);
            return;
        }
        CommitteeMember receiver = resources.settings().committee().members().get(member);
        stream = new SliverStream(
                from.requestId, bundle.batches(), wantedEntries, resources.settings().committee(), receiver);
        peer.open(stream);
    }

    private void ended(Message answer) {
        switch (answer) {
            case BundleSigned signed -> {
                end(NodeOutcome.SIGNED, "");
                bundle.onSigned(this, signed.signature());
            }
            case BundleRefused refused -> refused(refused.refusals());
            case Busy busy -> busy(busy.retryDelayMs());
            case Failure failure -> {
                end(NodeOutcome.FAILED, failure.code() + " " + failure.text());
                bundle.onEnded(this);
            }
            default -> {
                end(NodeOutcome.VIOLATION, "answered with " + answer.getClass().getSimpleName());
                bundle.onEnded(this);
            }
        }
    }

    private void refused(List<EntryRefusal> refusals) {
        int last = refusals.getLast().entry();
        if (last >= bundle.batches().size()) {
            end(NodeOutcome.VIOLATION, "refused entry " + last);
            bundle.onEnded(this);
            return;
        }
        end(NodeOutcome.REFUSED, refusals.size() + " entries, the first for " + refusals.getFirst().reason());
        bundle.onRefused(this, refusals);
    }

    private void busy(int retryDelayMs) {
        resources.settings().counters().countBusy();
        long delayNs = TimeUnit.MILLISECONDS.toNanos(Math.max(retryDelayMs, 1));
        // All that it puts off together would else come back together.
        long jitterNs = ThreadLocalRandom.current().nextLong(delayNs / 2);
        long atNs = resources.settings().nanoClock().nanoTime() + delayNs + jitterNs;
        if (atNs - bundle.deadlineNs() >= 0) {
            end(NodeOutcome.BUSY, "for " + retryDelayMs + " ms");
            bundle.onEnded(this);
            return;
        }
        stopSending();
        attempt = null;
        retryAtNs = atNs;
        bundle.onRetryAt(atNs);
    }

    private void failed(RequestFailure failure) {
        end(failure == RequestFailure.TIMED_OUT ? NodeOutcome.TIMED_OUT : NodeOutcome.DISCONNECTED, failure.name());
        bundle.onEnded(this);
    }

    /**
     * One request. Its methods run on a network thread; they hand over at most one grant and one end, whatever the node
     * sends, and touch nothing else.
     */
    private final class Attempt implements ResponseHandler {
        /** Written by the dispersal's thread before it reads any event of this attempt. */
        private long requestId;
        /** Network thread only. */
        private boolean grantSeen;

        @Override
        public boolean onMessage(Message message) {
            if (message instanceof BundleGrant grant && !grantSeen) {
                grantSeen = true;
                post(() -> granted(this, grant.wantedEntries()));
                return false;
            }
            post(() -> ended(message));
            return true;
        }

        @Override
        public void onFailure(RequestFailure failure) {
            post(() -> failed(failure));
        }

        private void post(Runnable event) {
            resources.mailbox().post(() -> bundle.guard(() -> {
                if (attempt == this) {
                    event.run();
                }
            }));
        }
    }
}
