package dev.moraine.node.storagenode;

import dev.moraine.wire.message.BundleGrant;
import dev.moraine.wire.message.BundleOffer;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.SliverData;
import dev.moraine.wire.transport.PeerChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.agrona.concurrent.NanoClock;

/**
 * The bundles of one connection that are being admitted or received. Its event loop brings offers and pieces, the
 * admission agent opens bundles and drops stalled ones; a lock, never held longer than one piece takes to copy, keeps
 * them apart. A bundle that leaves here belongs to whoever took it. What is here is released when the connection closes.
 *
 * <p>Thread-safe.
 */
final class BundleReceiver {
    private final PeerChannel channel;
    private final int maxBundles;
    private final Predicate<AdmittedBundle> store;
    private final Answers answers;
    private final NanoClock nanoClock;
    private final Set<Long> offered = new HashSet<>();
    private final Map<Long, AdmittedBundle> receiving = new HashMap<>();
    private boolean closed;

    /**
     * A receiver without bundles.
     *
     * @param channel the connection
     * @param maxBundles most bundles that may be offered or received at once
     * @param store takes a bundle whose bodies are complete, and then releases it; false if there is no room for it
     * @param answers says no
     * @param nanoClock times uploads
     */
    BundleReceiver(
            PeerChannel channel,
            int maxBundles,
            Predicate<AdmittedBundle> store,
            Answers answers,
            NanoClock nanoClock) {
        this.channel = channel;
        this.maxBundles = maxBundles;
        this.store = store;
        this.answers = answers;
        this.nanoClock = nanoClock;
    }

    /**
     * The connection.
     *
     * @return its channel
     */
    PeerChannel channel() {
        return channel;
    }

    /**
     * Passes an offer on to be admitted; {@link #grant} or {@link #settle} must follow.
     *
     * @param offer the offer
     * @param admission takes it; false if there is no room for it
     */
    void onOffer(BundleOffer offer, Predicate<BundleOffer> admission) {
        long requestId = offer.requestId();
        boolean isNew;
        boolean isWithinLimit;
        synchronized (this) {
            isNew = !offered.contains(requestId) && !receiving.containsKey(requestId);
            isWithinLimit = offered.size() + receiving.size() < maxBundles;
            if (isNew && isWithinLimit) {
                offered.add(requestId);
            }
        }
        if (!isNew) {
            answers.fail(channel, requestId, FailureCode.UNEXPECTED_MESSAGE, "the request id is in use");
        } else if (!isWithinLimit) {
            answers.busy(channel, requestId);
        } else if (!admission.test(offer)) {
            settle(requestId);
            answers.busy(channel, requestId);
        }
    }

    /**
     * Forgets an offer that was not admitted.
     *
     * @param requestId the request
     */
    synchronized void settle(long requestId) {
        offered.remove(requestId);
    }

    /**
     * Opens an admitted bundle and asks for its bodies.
     *
     * @param bundle the bundle
     */
    void grant(AdmittedBundle bundle) {
        long requestId = bundle.requestId();
        boolean isComplete = bundle.upload().isComplete();
        boolean isOpen;
        synchronized (this) {
            offered.remove(requestId);
            isOpen = !closed;
            if (isOpen && !isComplete) {
                receiving.put(requestId, bundle);
            }
        }
        if (!isOpen) {
            drop(bundle);
            return;
        }
        answers.counters().add(NodeEvent.BUNDLE_GRANTED);
        try {
            channel.send(new BundleGrant(requestId, bundle.wanted()));
        } catch (RuntimeException | Error e) {
            if (isComplete || takeBack(bundle)) {
                drop(bundle);
            }
            throw e;
        }
        if (isComplete) {
            handOver(bundle);
        }
    }

    /**
     * Takes a piece of a body.
     *
     * @param piece the piece; its data is copied before this returns
     */
    void onSliverData(SliverData piece) {
        UploadVerdict verdict = UploadVerdict.UNKNOWN_REQUEST;
        AdmittedBundle bundle;
        synchronized (this) {
            bundle = receiving.get(piece.requestId());
            if (bundle != null) {
                verdict = bundle.upload().accept(piece, nanoClock.nanoTime());
                if (verdict != UploadVerdict.ACCEPT) {
                    receiving.remove(piece.requestId());
                }
            }
        }
        if (bundle != null && verdict == UploadVerdict.COMPLETE) {
            handOver(bundle);
        }
        answers.counters().add(verdict);
        if (verdict == UploadVerdict.ACCEPT || verdict == UploadVerdict.COMPLETE) {
            return;
        }
        if (bundle != null) {
            bundle.release();
        }
        answers.fail(
                channel,
                piece.requestId(),
                FailureCode.UNEXPECTED_MESSAGE,
                "piece of entry " + piece.entry() + ", pair " + piece.pairIndex() + ", " + piece.part() + ", offset "
                        + piece.offset() + " of " + piece.totalBytes() + ": " + verdict);
    }

    /**
     * Drops the bundles whose bodies come too slowly.
     *
     * @param nowNs the time
     */
    void dropStalled(long nowNs) {
        List<AdmittedBundle> stalled = new ArrayList<>();
        synchronized (this) {
            for (Iterator<AdmittedBundle> bundles = receiving.values().iterator(); bundles.hasNext(); ) {
                AdmittedBundle bundle = bundles.next();
                if (bundle.upload().isStalled(nowNs)) {
                    bundles.remove();
                    stalled.add(bundle);
                }
            }
        }
        for (AdmittedBundle bundle : stalled) {
            bundle.release();
            answers.counters().add(UploadVerdict.STALLED);
            answers.fail(channel, bundle.requestId(), FailureCode.OVER_LIMIT, "the bodies came too slowly");
        }
    }

    /** Drops every bundle; those that are still being admitted are dropped when they are. */
    void close() {
        List<AdmittedBundle> open;
        synchronized (this) {
            closed = true;
            open = List.copyOf(receiving.values());
            receiving.clear();
        }
        open.forEach(this::drop);
    }

    /** Whether a bundle was still open; then it belongs to the caller. */
    private synchronized boolean takeBack(AdmittedBundle bundle) {
        return receiving.remove(bundle.requestId(), bundle);
    }

    private void drop(AdmittedBundle bundle) {
        answers.counters().add(NodeEvent.BUNDLE_DROPPED);
        bundle.release();
    }

    private void handOver(AdmittedBundle bundle) {
        if (!store.test(bundle)) {
            bundle.release();
            answers.busy(channel, bundle.requestId());
        }
    }
}
