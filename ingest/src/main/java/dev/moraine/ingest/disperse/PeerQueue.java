package dev.moraine.ingest.disperse;

import dev.moraine.wire.transport.PeerConnection;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends slivers to one node, one bundle after the other, and never lets more than a window of bytes wait in the
 * connection: what a slow node does not read stays where it is, in the batches' memory.
 *
 * <p>Belongs to the dispersal's thread; only the count of written bytes is shared with the network threads.
 */
final class PeerQueue {
    private final PeerConnection connection;
    private final long windowBytes;
    private final ArrayDeque<SliverStream> streams = new ArrayDeque<>();
    private final AtomicLong writtenBytes = new AtomicLong();
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private final Runnable wake;
    private final NodeStanding standing;
    private long owedBytes;
    private volatile boolean isWindowClosed;
    private long sentBytes;
    private long markedBytes;

    /**
     * Starts with nothing to send.
     *
     * @param connection the connection to the node
     * @param windowBytes most bytes that wait in the connection
     * @param wake tells the dispersal's thread that the window is open again
     * @param standing what the node's answers say about it
     */
    PeerQueue(PeerConnection connection, long windowBytes, Runnable wake, NodeStanding standing) {
        this.connection = connection;
        this.windowBytes = windowBytes;
        this.wake = wake;
        this.standing = standing;
    }

    /** {@return the connection, for requests} */
    PeerConnection connection() {
        return connection;
    }

    /** {@return what the node's answers say about it} */
    NodeStanding standing() {
        return standing;
    }

    /**
     * Adds to what the node is still to get, or takes away from it.
     *
     * @param bytes of slivers of a bundle; negative when the bundle is over for the node
     */
    void owe(long bytes) {
        owedBytes += bytes;
    }

    /** {@return bytes of slivers of bundles that the node has not answered} */
    long owedBytes() {
        return owedBytes;
    }

    /**
     * Lines a stream up.
     *
     * @param stream what the node was granted
     */
    void open(SliverStream stream) {
        streams.addLast(stream);
    }

    /**
     * Forgets the rest of a stream; frames that are in the connection already are written or dropped by it.
     *
     * @param stream a stream that may be over
     */
    void remove(SliverStream stream) {
        streams.remove(stream);
    }

    /**
     * Sends as long as the window is open.
     *
     * @return how many frames were sent
     */
    int pump() {
        int frames = 0;
        while (isWindowOpen()) {
            SliverStream stream = streams.peekFirst();
            if (stream == null) {
                break;
            }
            SliverStream.Frame frame = stream.frame();
            if (frame == null) {
                streams.removeFirst();
                continue;
            }
            if (!send(frame)) {
                // The connection is full of other messages, or closed: then the request fails and takes the stream out.
                break;
            }
            stream.advance();
            frames++;
        }
        return frames;
    }

    private boolean isWindowOpen() {
        if (sentBytes - writtenBytes.get() < windowBytes) {
            return true;
        }
        // Noted before looking again: either this thread sees what was written, or who wrote it sees the note.
        isWindowClosed = true;
        return sentBytes - writtenBytes.get() < windowBytes;
    }

    private boolean send(SliverStream.Frame frame) {
        EncodedBatch batch = frame.batch();
        long bytes = frame.message().data().byteSize();
        batch.retain();
        sentBytes += bytes;
        return connection.sendThenRelease(frame.message(), () -> {
            batch.release();
            writtenBytes.addAndGet(bytes);
            if (isWindowClosed) {
                isWindowClosed = false;
                wake.run();
            }
        });
    }

    /**
     * Drops the connection if something waits in it for too long: the frames in it hold memory. To be called again and
     * again; the age of a frame is exact to the time between two calls.
     *
     * @param nowNs now
     * @param patienceNs how long a frame may wait
     * @return whether it was dropped
     */
    boolean resetIfStalled(long nowNs, long patienceNs) {
        long written = writtenBytes.get();
        while (!marks.isEmpty() && marks.getFirst().sentBytes() <= written) {
            marks.removeFirst();
        }
        if (sentBytes > markedBytes) {
            markedBytes = sentBytes;
            marks.addLast(new Mark(sentBytes, nowNs));
        }
        if (marks.isEmpty() || nowNs - marks.getFirst().atNs() < patienceNs) {
            return false;
        }
        marks.clear();
        connection.reset();
        return true;
    }

    /**
     * What had been sent at some time.
     *
     * @param sentBytes bytes since the start
     * @param atNs when
     */
    private record Mark(long sentBytes, long atNs) {}
}
