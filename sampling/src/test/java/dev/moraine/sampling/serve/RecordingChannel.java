package dev.moraine.sampling.serve;

import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.SliverData;
import dev.moraine.wire.transport.PeerChannel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection that keeps what it is given to send, as long as it has room. */
final class RecordingChannel implements PeerChannel {
    private final List<Message> sent = new ArrayList<>();
    private int room = Integer.MAX_VALUE;
    private int faults;
    private boolean open = true;
    private @Nullable Object attachment;

    /** Lets only so many more messages through. */
    void setRoom(int messages) {
        room = messages;
    }

    /** Lets only so many of the next sends run out of memory. */
    void setFaults(int sends) {
        faults = sends;
    }

    List<Message> sent() {
        return sent;
    }

    @Override
    public boolean send(Message message) {
        if (faults > 0) {
            faults--;
            throw new OutOfMemoryError("this send was told to fail");
        }
        if (!open || room == 0) {
            return false;
        }
        room--;
        sent.add(message instanceof SliverData data ? copyOf(data) : message);
        return true;
    }

    @Override
    public boolean sendThenRelease(Message message, Runnable whenWritten) {
        boolean isSent = send(message);
        whenWritten.run();
        return isSent;
    }

    @Override
    public long outboundBytes() {
        return 0;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public SocketAddress remoteAddress() {
        return InetSocketAddress.createUnresolved("peer", 1);
    }

    @Override
    public void close() {
        open = false;
    }

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public void attach(@Nullable Object object) {
        attachment = object;
    }

    private static SliverData copyOf(SliverData data) {
        return new SliverData(
                data.requestId(),
                data.entry(),
                data.pairIndex(),
                data.part(),
                data.offset(),
                data.totalBytes(),
                MemorySegment.ofArray(data.data().toArray(ValueLayout.JAVA_BYTE)));
    }
}
