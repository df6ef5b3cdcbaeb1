package dev.moraine.sampling.serve;

import dev.moraine.wire.message.NodeMessage;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** An answer whose messages are all made. */
final class ReadyAnswer implements Answer {
    private final Queue<NodeMessage> messages;

    /**
     * Takes the messages.
     *
     * @param messages in the order in which to send them
     */
    ReadyAnswer(Collection<? extends NodeMessage> messages) {
        this.messages = new ArrayDeque<>(messages);
    }

    @Override
    public @Nullable NodeMessage next() {
        return messages.poll();
    }

    @Override
    public long heldBytes() {
        return 0;
    }

    @Override
    public void release() {
        messages.clear();
    }
}
