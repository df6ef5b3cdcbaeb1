package dev.moraine.wire.transport;

import dev.moraine.wire.message.HealthAnswer;
import dev.moraine.wire.message.Message;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Holds every request until it is told to answer. */
final class HoldingHandler implements PeerServer.Handler {
    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();

    @Override
    public void onMessage(PeerChannel from, Message message) {
        held.add(() -> from.send(new HealthAnswer(message.requestId(), 0, 0, 0, 0)));
    }

    int count() {
        return held.size();
    }

    void answerAll() {
        for (Runnable answer = held.poll(); answer != null; answer = held.poll()) {
            answer.run();
        }
    }
}
