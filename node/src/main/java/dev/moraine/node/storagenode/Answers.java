package dev.moraine.node.storagenode;

import dev.moraine.wire.message.BundleRefused;
import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.EntryRefusal;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.transport.PeerChannel;
import java.util.List;

/**
 * Says no, and counts why. An answer that the channel does not take is lost: its peer is gone or does not read.
 * Thread-safe.
 *
 * @param counters where it is counted
 * @param retryDelayMs what a busy answer asks for
 */
record Answers(NodeCounters counters, int retryDelayMs) {
    /**
     * Ends a request with a failure.
     *
     * @param to the peer
     * @param requestId the request
     * @param code why
     * @param text why, for people
     */
    void fail(PeerChannel to, long requestId, FailureCode code, String text) {
        counters.add(code);
        to.send(new Failure(requestId, code, text));
    }

    /**
     * Puts a request off.
     *
     * @param to the peer
     * @param requestId the request
     */
    void busy(PeerChannel to, long requestId) {
        counters.add(NodeEvent.BUSY);
        to.send(new Busy(requestId, retryDelayMs));
    }

    /**
     * Refuses a bundle because of its entries.
     *
     * @param to the peer
     * @param requestId the request
     * @param refusals the entries and why
     */
    void refuse(PeerChannel to, long requestId, List<EntryRefusal> refusals) {
        counters.add(NodeEvent.BUNDLE_REFUSED);
        refusals.forEach(refusal -> counters.add(refusal.reason()));
        to.send(new BundleRefused(requestId, refusals));
    }
}
