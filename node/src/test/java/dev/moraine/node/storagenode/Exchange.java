package dev.moraine.node.storagenode;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.moraine.wire.message.BundleGrant;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.SliverData;
import dev.moraine.wire.message.SymbolsAnswer;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.RequestFailure;
import dev.moraine.wire.transport.ResponseHandler;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/** One request to a node, with everything that came for it. */
final class Exchange implements ResponseHandler {
    private static final long TIMEOUT_SECONDS = 30;

    private final BlockingQueue<Object> arrived = new LinkedBlockingQueue<>();
    private final PeerConnection connection;
    private final long requestId;

    private Exchange(PeerConnection connection, LongFunction<Message> request) {
        this.connection = connection;
        requestId = connection.request(request, this, TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS));
    }

    static Exchange start(PeerConnection connection, LongFunction<Message> request) {
        return new Exchange(connection, request);
    }

    long requestId() {
        return requestId;
    }

    /** Sends a further message of this request. */
    boolean send(LongFunction<Message> message) {
        return connection.send(message.apply(requestId));
    }

    void cancel() {
        connection.cancel(requestId);
    }

    /** Waits for the next message, which must be of a kind. */
    <M extends Message> M await(Class<M> kind) {
        return assertInstanceOf(kind, next());
    }

    /** Waits until no message will come any more, for another reason than an answer. */
    RequestFailure awaitBroken() {
        return assertInstanceOf(RequestFailure.class, next());
    }

    boolean isSilent() {
        return arrived.isEmpty();
    }

    private Object next() {
        try {
            Object next = arrived.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing came for the request");
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public boolean onMessage(Message message) {
        arrived.add(message instanceof SliverData piece ? copyOf(piece) : message);
        return switch (message) {
            case BundleGrant grant -> false;
            case SliverData piece -> piece.isLast();
            case SymbolsAnswer symbols -> symbols.isLast();
            default -> true;
        };
    }

    @Override
    public void onFailure(RequestFailure reason) {
        arrived.add(reason);
    }

    private static SliverData copyOf(SliverData piece) {
        return new SliverData(
                piece.requestId(),
                piece.entry(),
                piece.pairIndex(),
                piece.part(),
                piece.offset(),
                piece.totalBytes(),
                MemorySegment.ofArray(piece.data().toArray(ValueLayout.JAVA_BYTE)));
    }
}
