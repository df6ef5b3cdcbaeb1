package dev.moraine.sampling.read;

import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.RequestFailure;
import dev.moraine.wire.transport.ResponseHandler;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One request to one member: takes the messages of the answer on the connection's event loop, and puts itself into the
 * reader's inbox once, when nothing more will come.
 *
 * <p>The reading thread may look at the outcome after it took the request out of its inbox. After {@link #abandon} no
 * message is taken any more, so that memory that an answer goes to can be freed.
 */
abstract class MemberRequest implements ResponseHandler {
    private final Queue<MemberRequest> inbox;
    private static final int OWN_LIMIT_RETRY_DELAY_MS = 10;

    private final int member;
    private final int candidate;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean isOver;
    private @Nullable FaultKind fault;
    private String detail = "";
    /** For a full connection; a busy member names its own delay. */
    private int retryDelayMs = OWN_LIMIT_RETRY_DELAY_MS;
    private @Nullable PeerConnection peer;
    private long requestId;

    /**
     * A request that is not sent yet.
     *
     * @param inbox where it goes when it has ended
     * @param member who is asked
     * @param candidate what the reader calls this source of the answer
     */
    MemberRequest(Queue<MemberRequest> inbox, int member, int candidate) {
        this.inbox = inbox;
        this.member = member;
        this.candidate = candidate;
    }

    /** Builds the message under the id that the connection chose. */
    abstract Message message(long id);

    /** What is asked for, for people. */
    abstract String subject();

    /** Takes a message of the answer; calls {@link #complete} or {@link #fail} when it was the last. Must not throw. */
    abstract void take(Message message);

    /** Sends the request. Called once. */
    final void send(PeerConnection connection, long timeoutNs) {
        peer = connection;
        requestId = connection.request(this::message, this, timeoutNs);
    }

    /** Stops taking messages, and tells the connection; the request never comes into the inbox from here on. */
    final void abandon() {
        lock.lock();
        try {
            if (isOver) {
                return;
            }
            isOver = true;
        } finally {
            lock.unlock();
        }
        if (peer != null) {
            peer.cancel(requestId);
        }
    }

    @Override
    public final boolean onMessage(Message message) {
        lock.lock();
        try {
            if (!isOver) {
                switch (message) {
                    case Failure failure -> fail(kindOf(failure.code()), failure.code() + ": " + failure.text());
                    case Busy busy -> {
                        retryDelayMs = busy.retryDelayMs();
                        fail(FaultKind.BUSY, "asked to wait " + busy.retryDelayMs() + " ms");
                    }
                    default -> take(message);
                }
            }
            return isOver;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public final void onFailure(RequestFailure reason) {
        lock.lock();
        try {
            if (!isOver) {
                fail(kindOf(reason), reason.toString());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the request well. Called under the lock, by {@link #take}. */
    final void complete() {
        isOver = true;
        inbox.add(this);
    }

    /** Ends the request badly. Called under the lock. */
    final void fail(FaultKind kind, String reason) {
        fault = kind;
        detail = reason;
        isOver = true;
        inbox.add(this);
    }

    /** Ends the request because a message came that does not belong to the answer. Called under the lock. */
    final void failUnexpected(Message message) {
        fail(FaultKind.MALFORMED, "an unexpected " + message.getClass().getSimpleName());
    }

    final int member() {
        return member;
    }

    final int candidate() {
        return candidate;
    }

    /** How it failed; null if it ended well. */
    final @Nullable FaultKind fault() {
        return fault;
    }

    /** What was asked for and why it failed, for people. */
    final String detail() {
        return subject() + ": " + detail;
    }

    /** What a busy member asked for. */
    final int retryDelayMs() {
        return retryDelayMs;
    }

    /** What a member's refusal means to a reader. */
    static FaultKind kindOf(FailureCode code) {
        return switch (code) {
            case NOT_FOUND, EXPIRED, QUARANTINED -> FaultKind.NOT_HELD;
            default -> FaultKind.REFUSED;
        };
    }

    private static FaultKind kindOf(RequestFailure reason) {
        return switch (reason) {
            case TIMED_OUT -> FaultKind.NO_ANSWER;
            case DISCONNECTED, UNREACHABLE -> FaultKind.DISCONNECTED;
            case OVER_LIMIT -> FaultKind.BUSY;
            case REJECTED, CANCELLED, CLOSED -> FaultKind.REFUSED;
        };
    }
}
