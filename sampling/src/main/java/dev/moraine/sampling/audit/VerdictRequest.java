package dev.moraine.sampling.audit;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.sampling.read.FaultKind;
import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.GetVerdict;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.VerdictAnswer;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.RequestFailure;
import dev.moraine.wire.transport.ResponseHandler;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks one member for its verdict. It ends on the connection's event loop. Thread-safe. */
final class VerdictRequest implements ResponseHandler {
    private final PeerConnection peer;
    private final int member;
    private final Consumer<Reply> whenOver;
    private volatile long requestId = Message.NO_REQUEST;

    /**
     * What came of a request.
     *
     * @param member who was asked
     * @param answer what it answered, unverified, or null
     * @param fault how it failed, or null
     * @param detail why, for people
     * @param retryDelayMs how long it asked to wait, 0 if it did not
     */
    record Reply(
            int member,
            @Nullable VerdictAnswer answer,
            @Nullable FaultKind fault,
            String detail,
            int retryDelayMs) {}

    private VerdictRequest(PeerConnection peer, int member, Consumer<Reply> whenOver) {
        this.peer = peer;
        this.member = member;
        this.whenOver = whenOver;
    }

    /**
     * Asks.
     *
     * @param peer the way to the member
     * @param member its place
     * @param blobId the blob
     * @param waitMs how long it may take
     * @param timeoutNs when to give up
     * @param whenOver told once, on an event loop
     * @return the running request
     */
    static VerdictRequest send(
            PeerConnection peer, int member, BlobId blobId, int waitMs, long timeoutNs, Consumer<Reply> whenOver) {
        VerdictRequest request = new VerdictRequest(peer, member, whenOver);
        request.requestId = peer.request(id -> new GetVerdict(id, blobId.toBytes(), waitMs), request, timeoutNs);
        return request;
    }

    void cancel() {
        peer.cancel(requestId);
    }

    @Override
    public boolean onMessage(Message message) {
        switch (message) {
            case VerdictAnswer answer -> whenOver.accept(new Reply(member, answer, null, "", 0));
            case Busy busy ->
                end(FaultKind.BUSY, "asked to wait " + busy.retryDelayMs() + " ms", busy.retryDelayMs());
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
        whenOver.accept(new Reply(member, null, kind, "verdict: " + detail, retryDelayMs));
    }
}
