package dev.moraine.sampling.feed;

import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.sampling.read.FaultKind;
import dev.moraine.sampling.read.MemberFault;
import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FeedAnswer;
import dev.moraine.wire.message.GetFeed;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.RequestFailure;
import dev.moraine.wire.transport.ResponseHandler;
import java.util.Collection;
import java.util.function.Consumer;

/** One request for the next certificates of a node's list. It ends on the connection's event loop. Thread-safe. */
public final class FeedRequest implements ResponseHandler {
    /** What the answer may be late beyond the wait that was asked for, in milliseconds. */
    private static final long LATENESS_MS = 10_000;

    private static final long NS_PER_MS = 1_000_000;

    private final int member;
    private final PeerConnection peer;
    private final Consumer<Outcome> whenOver;
    private volatile long requestId = Message.NO_REQUEST;

    /** How a request ended. */
    public sealed interface Outcome {
        /**
         * An answer.
         *
         * @param answer what came, unchecked
         */
        record Answered(FeedAnswer answer) implements Outcome {}

        /**
         * No answer.
         *
         * @param fault why
         * @param retryDelayMs how long the node asked to wait, 0 if it did not
         */
        record Ended(MemberFault fault, int retryDelayMs) implements Outcome {}
    }

    private FeedRequest(PeerConnection peer, int member, Consumer<Outcome> whenOver) {
        this.peer = peer;
        this.member = member;
        this.whenOver = whenOver;
    }

    /**
     * Asks.
     *
     * @param peer the node
     * @param member its place in the committee
     * @param namespaces whose certificates
     * @param position where to begin
     * @param maxEntries most certificates
     * @param waitMs how long the node may wait for one
     * @param whenOver told once how it ended, on an event loop
     * @return the running request
     */
    public static FeedRequest send(
            PeerConnection peer,
            int member,
            Collection<Namespace> namespaces,
            FeedPosition position,
            int maxEntries,
            int waitMs,
            Consumer<Outcome> whenOver) {
        FeedRequest request = new FeedRequest(peer, member, whenOver);
        request.requestId = peer.request(
                id -> new GetFeed(
                        id,
                        namespaces.stream().map(one -> one.value().toBytes()).toList(),
                        position.feedId(),
                        position.cursor(),
                        maxEntries,
                        waitMs),
                request,
                (waitMs + LATENESS_MS) * NS_PER_MS);
        return request;
    }

    /** Ends the request, unless it is over. */
    public void cancel() {
        peer.cancel(requestId);
    }

    @Override
    public boolean onMessage(Message message) {
        switch (message) {
            case FeedAnswer answer -> whenOver.accept(new Outcome.Answered(answer));
            case Busy busy -> end(FaultKind.BUSY, "asked to wait " + busy.retryDelayMs() + " ms", busy.retryDelayMs());
            case Failure failure -> end(FaultKind.REFUSED, failure.code() + ": " + failure.text(), 0);
            default -> end(FaultKind.MALFORMED, "an unexpected " + message.getClass().getSimpleName(), 0);
        }
        return true;
    }

    @Override
    public void onFailure(RequestFailure reason) {
        FaultKind kind = switch (reason) {
            case TIMED_OUT -> FaultKind.NO_ANSWER;
            case DISCONNECTED, UNREACHABLE -> FaultKind.DISCONNECTED;
            case OVER_LIMIT -> FaultKind.BUSY;
            case REJECTED, CANCELLED, CLOSED -> FaultKind.REFUSED;
        };
        end(kind, reason.toString(), 0);
    }

    private void end(FaultKind kind, String detail, int retryDelayMs) {
        whenOver.accept(new Outcome.Ended(new MemberFault(member, kind, "feed: " + detail), retryDelayMs));
    }
}
