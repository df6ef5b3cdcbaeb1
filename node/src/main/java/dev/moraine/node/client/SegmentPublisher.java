package dev.moraine.node.client;

import java.lang.foreign.MemorySegment;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** Gives memory to the HTTP client piece by piece as it asks for it, as often as a request is sent. */
final class SegmentPublisher implements HttpRequest.BodyPublisher {
    private static final int PIECE_BYTES = 64 << 10;

    private final MemorySegment content;

    /**
     * A publisher of memory.
     *
     * @param content must stay as it is until the last request is over, and any thread must be allowed to read it
     */
    SegmentPublisher(MemorySegment content) {
        this.content = content;
    }

    @Override
    public long contentLength() {
        return content.byteSize();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        subscriber.onSubscribe(new Pieces(content, subscriber));
    }

    /** One pass over the memory. The client asks from one thread at a time, also from within {@code onNext}. */
    private static final class Pieces implements Flow.Subscription {
        private final MemorySegment content;
        private final Flow.Subscriber<? super ByteBuffer> subscriber;
        private long position;
        private long demand;
        private boolean isGiving;
        private boolean isOver;

        private Pieces(MemorySegment content, Flow.Subscriber<? super ByteBuffer> subscriber) {
            this.content = content;
            this.subscriber = subscriber;
        }

        @Override
        public synchronized void request(long pieces) {
            demand = demand + pieces < 0 ? Long.MAX_VALUE : demand + pieces;
            if (isGiving) {
                return;
            }
            isGiving = true;
            while (demand > 0 && !isOver) {
                demand--;
                give();
            }
            isGiving = false;
        }

        private void give() {
            long pieceBytes = Math.min(PIECE_BYTES, content.byteSize() - position);
            if (pieceBytes == 0) {
                isOver = true;
                subscriber.onComplete();
                return;
            }
            MemorySegment piece = content.asSlice(position, pieceBytes);
            position += pieceBytes;
            subscriber.onNext(piece.asByteBuffer());
        }

        @Override
        public synchronized void cancel() {
            isOver = true;
        }
    }
}
