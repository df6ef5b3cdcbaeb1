package dev.moraine.sampling.serve;

import dev.moraine.wire.message.ChunksAnswer;
import dev.moraine.wire.message.NodeMessage;
import dev.moraine.wire.message.SliverData;
import dev.moraine.wire.message.SymbolAnswer;
import dev.moraine.wire.message.SymbolsAnswer;
import dev.moraine.wire.transport.PeerChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An answer on its way, and how its peer takes it. For the one thread of the agent that runs it. */
final class RunningAnswer {
    private final PeerChannel to;
    private final long requestId;
    private final Answer answer;
    private @Nullable NodeMessage unsent;
    private boolean isFailed;
    private boolean isRefused;
    private long lastProgressNs;
    private long waitedNs;
    private long sentBytes;

    /**
     * An answer of which nothing was sent.
     *
     * @param to who asked
     * @param requestId what was asked
     * @param answer the answer
     * @param nowNs now
     */
    RunningAnswer(PeerChannel to, long requestId, Answer answer, long nowNs) {
        this.to = to;
        this.requestId = requestId;
        this.answer = answer;
        lastProgressNs = nowNs;
    }

    PeerChannel to() {
        return to;
    }

    long requestId() {
        return requestId;
    }

    Answer answer() {
        return answer;
    }

    boolean isFailed() {
        return isFailed;
    }

    /**
     * Ends the answer with a failure, instead of whatever was not sent.
     *
     * @param failure the last message
     */
    void fail(NodeMessage failure) {
        isFailed = true;
        unsent = failure;
    }

    /**
     * The message to send now, which stays the same until {@link #onSent}.
     *
     * @return the message, or null if all were sent
     */
    @Nullable NodeMessage current() {
        if (unsent == null && !isFailed) {
            unsent = answer.next();
        }
        return unsent;
    }

    /**
     * Notes that the peer took the current message.
     *
     * @param nowNs now
     */
    void onSent(long nowNs) {
        if (isRefused) {
            waitedNs += nowNs - lastProgressNs;
            isRefused = false;
        }
        if (unsent != null) {
            sentBytes += payloadBytes(unsent);
        }
        unsent = null;
        lastProgressNs = nowNs;
    }

    /**
     * Notes that the peer has no room for the current message.
     *
     * @param nowNs now
     * @param stallNs how long it may take nothing
     * @param leastBytesPerSecond how fast it must take what it was given, beyond a delay of {@code stallNs}; time in
     *     which nothing waited for it does not count
     * @return whether the peer is too slow to wait for
     */
    boolean isTooSlow(long nowNs, long stallNs, long leastBytesPerSecond) {
        isRefused = true;
        long sinceNs = nowNs - lastProgressNs;
        double allowedNs = stallNs + (double) sentBytes / leastBytesPerSecond * TimeUnit.SECONDS.toNanos(1);
        return sinceNs > stallNs || waitedNs + sinceNs > allowedNs;
    }

    private static long payloadBytes(NodeMessage message) {
        return switch (message) {
            case SliverData data -> data.data().byteSize();
            case ChunksAnswer chunks -> chunks.proofs().length;
            case SymbolsAnswer symbols -> proofBytes(symbols);
            default -> 0;
        };
    }

    private static long proofBytes(SymbolsAnswer answer) {
        long bytes = 0;
        for (SymbolAnswer symbol : answer.symbols()) {
            bytes += symbol.proof().length;
        }
        return bytes;
    }
}
