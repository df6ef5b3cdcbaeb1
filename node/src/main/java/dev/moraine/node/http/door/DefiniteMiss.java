package dev.moraine.node.http.door;

import dev.moraine.proofs.committee.Committee;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.RequestFailure;
import dev.moraine.wire.transport.ResponseHandler;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/**
 * Tells "there is none" from "it cannot be had now". Of the shards of a certified blob, f may lie and f honest ones may
 * have been skipped and not repaired yet; so if shards of weight 2f + 1 say that they hold nothing, the blob has no
 * certificate, or it has expired.
 */
final class DefiniteMiss {
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(3);

    private final Committee committee;
    private final List<PeerConnection> peers;

    /**
     * Asks over connections that stay the caller's.
     *
     * @param committee who is asked
     * @param peers one connection for each member
     */
    DefiniteMiss(Committee committee, List<PeerConnection> peers) {
        this.committee = committee;
        this.peers = peers;
    }

    /**
     * Asks all members.
     *
     * @param question a message that a member answers with NOT_FOUND or EXPIRED if it holds nothing
     * @return true if shards of weight 2f + 1 say so within a few seconds
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    boolean isShown(LongFunction<Message> question) throws InterruptedException {
        int wanted = 2 * committee.geometry().faultTolerance() + 1;
        LinkedBlockingQueue<Integer> misses = new LinkedBlockingQueue<>();
        for (int member = 0; member < peers.size(); member++) {
            int weight = committee.weight(member);
            peers.get(member).request(question, new WeightOfMiss(weight, misses), TIMEOUT_NS);
        }
        int missing = 0;
        // Every request ends within the time-out, a little later on a busy machine.
        for (int answers = 0; answers < peers.size() && missing < wanted; answers++) {
            Integer weight = misses.poll(2 * TIMEOUT_NS, TimeUnit.NANOSECONDS);
            missing += weight == null ? 0 : weight;
        }
        return missing >= wanted;
    }

    /** Puts a member's weight into the queue if it holds nothing, else 0. */
    private record WeightOfMiss(int weight, LinkedBlockingQueue<Integer> misses) implements ResponseHandler {
        @Override
        public boolean onMessage(Message message) {
            boolean isMiss = message instanceof Failure failure
                    && (failure.code() == FailureCode.NOT_FOUND || failure.code() == FailureCode.EXPIRED);
            misses.add(isMiss ? weight : 0);
            return true;
        }

        @Override
        public void onFailure(RequestFailure reason) {
            misses.add(0);
        }
    }
}
