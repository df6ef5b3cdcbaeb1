package dev.moraine.sampling.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.testing.Seed;
import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.Coordinate;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.GetHealth;
import dev.moraine.wire.message.GetMetadata;
import dev.moraine.wire.message.GetSliver;
import dev.moraine.wire.message.GetSymbols;
import dev.moraine.wire.message.Hello;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.message.Part;
import dev.moraine.wire.message.SliverData;
import dev.moraine.wire.message.WireAxis;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadAgentTest extends ReadAgentFixture {
    ReadAgentTest() {
        super(Seed.random("ReadAgentTest"));
    }

    @Test
    void whatDoesNotFitTheQueueIsPutOff() {
        agent = context().queueCapacity(2).retryDelayMs(33).conclude();
        for (int i = 0; i < 3; i++) {
            assertTrue(agent.onRequest(peer, new GetHealth(i + 1)));
        }

        assertEquals(List.of(new Busy(3, 33)), peer.sent());
        runToEnd();
        assertEquals(3, peer.sent().size());
        assertEquals(1, agent.counters().putOff());
        assertEquals(2, agent.counters().answered());
    }

    @Test
    void aPeerThatTakesNothingKeepsItsPlaceUntilItStalls() throws Exception {
        EncodedBlob blob = stored(10_000_000, 0);
        GetSliver request = new GetSliver(REQUEST, blob.id().toBytes(), 0, Part.PRIMARY);
        peer.setRoom(2);
        agent.onRequest(peer, request);
        runToEnd();
        nowNs += STALL_NS - 100;
        runToEnd();
        assertEquals(2, peer.sent().size());
        assertEquals(0, agent.counters().abandoned());

        peer.setRoom(1);
        runToEnd();
        assertEquals(3, peer.sent().size());

        nowNs += STALL_NS + 1;
        runToEnd();
        assertEquals(1, agent.counters().abandoned());
        peer.setRoom(9);
        runToEnd();
        assertEquals(3, peer.sent().size());
    }

    @Test
    void answersThatRunAreBounded() throws Exception {
        byte[] id = stored(10_000, 0).id().toBytes();
        agent = context().maxAnswers(1).conclude();
        peer.setRoom(0);
        RecordingChannel other = new RecordingChannel();
        agent.onRequest(peer, new GetMetadata(1, id));
        agent.onRequest(other, new GetMetadata(2, id));
        runToEnd();
        assertEquals(0, other.sent().size());

        peer.close();
        runToEnd();
        assertEquals(1, other.sent().size());
        assertEquals(1, agent.counters().abandoned());
    }

    @Test
    void memoryOfAnswersIsBounded() throws Exception {
        byte[] id = stored(10_000, 0).id().toBytes();
        agent = context().maxHeldBytes(1).conclude();
        peer.setRoom(0);
        RecordingChannel other = new RecordingChannel();
        agent.onRequest(peer, new GetSliver(1, id, 0, Part.PRIMARY));
        agent.onRequest(other, new GetSliver(2, id, 0, Part.PRIMARY));
        runToEnd();
        assertEquals(0, other.sent().size());

        peer.setRoom(1);
        runToEnd();
        assertEquals(1, other.sent().size());
    }

    @Test
    void memoryOfSymbolsIsCountedFromTheStart() throws Exception {
        byte[] id = stored(10_000, 0).id().toBytes();
        agent = context().maxHeldBytes(1).lineCacheBytes(0).conclude();
        peer.setRoom(0);
        RecordingChannel other = new RecordingChannel();
        agent.onRequest(peer, GetSymbols.ofBlob(1, WireAxis.ROW, id, List.of(new Coordinate(0, 3))));
        agent.onRequest(other, new GetMetadata(2, id));
        runToEnd();
        assertEquals(0, other.sent().size());

        peer.setRoom(1);
        runToEnd();
        assertEquals(1, other.sent().size());
    }

    @Test
    void aSendThatRunsOutOfMemoryEndsItsAnswerAlone() throws Exception {
        byte[] id = stored(10_000_000, 0).id().toBytes();
        RecordingChannel hopeless = new RecordingChannel();
        RecordingChannel other = new RecordingChannel();
        peer.setFaults(1);
        hopeless.setFaults(2);
        agent.onRequest(peer, new GetSliver(1, id, 0, Part.PRIMARY));
        agent.onRequest(hopeless, new GetSliver(2, id, 0, Part.PRIMARY));
        agent.onRequest(other, new GetSliver(3, id, 0, Part.METADATA));

        runToEnd();

        assertEquals(1, peer.sent().size());
        assertEquals(
                FailureCode.INTERNAL,
                assertInstanceOf(Failure.class, peer.sent().get(0)).code());
        assertEquals(0, hopeless.sent().size());
        assertEquals(1, agent.counters().abandoned());
        assertInstanceOf(SliverData.class, other.sent().get(0));
    }

    @Test
    void aReadThatRunsOutOfMemoryIsPutOffOrFails() throws Exception {
        byte[] id = stored(100, 0).id().toBytes();
        AtomicInteger lookups = new AtomicInteger();
        agent = context()
                .retryDelayMs(33)
                .currentEpoch(() -> {
                    if (lookups.decrementAndGet() < 0) {
                        throw new OutOfMemoryError("this lookup was told to fail");
                    }
                    return epoch;
                })
                .conclude();

        assertEquals(new Busy(REQUEST, 33), single(new GetSliver(REQUEST, id, 0, Part.PRIMARY)));
        lookups.set(1);
        GetSymbols symbols = GetSymbols.ofBlob(REQUEST, WireAxis.ROW, id, List.of(new Coordinate(0, 3)));
        assertEquals(FailureCode.INTERNAL, failure(symbols));
        lookups.set(1);
        assertInstanceOf(SliverData.class, single(new GetSliver(REQUEST, id, 0, Part.PRIMARY)));
    }

    @Test
    void aPeerHasOnlyItsShareOfTheAnswersThatRun() throws Exception {
        byte[] id = stored(10_000, 0).id().toBytes();
        agent = context().maxAnswers(3).maxAnswersPerPeer(2).conclude();
        peer.setRoom(0);
        for (int i = 1; i <= 5; i++) {
            agent.onRequest(peer, new GetMetadata(i, id));
        }
        RecordingChannel other = new RecordingChannel();
        agent.onRequest(other, new GetMetadata(6, id));
        agent.onRequest(other, new GetMetadata(7, id));
        runToEnd();
        assertEquals(2, other.sent().size());

        peer.setRoom(5);
        runToEnd();
        assertEquals(
                List.of(1L, 2L, 3L, 4L, 5L),
                peer.sent().stream().map(Message::requestId).toList());
        assertEquals(7, agent.counters().answered());
    }

    @Test
    void aPeerHasOnlyItsShareOfTheQueue() {
        agent = context().maxWaitingPerPeer(2).maxAnswersPerPeer(1).retryDelayMs(33).conclude();
        RecordingChannel other = new RecordingChannel();
        for (int round = 1; round <= 2; round++) {
            peer.sent().clear();
            for (int i = 1; i <= 3; i++) {
                agent.onRequest(peer, new GetHealth(i));
            }
            agent.onRequest(other, new GetHealth(4));
            assertEquals(List.of(new Busy(3, 33)), peer.sent());
            runToEnd();
            assertEquals(3, peer.sent().size());
            assertEquals(round, other.sent().size());
        }
    }

    @Test
    void aPeerMustTakeItsAnswerAtALeastPace() throws Exception {
        byte[] id = stored(20_000_000, 0).id().toBytes();
        for (boolean isSlow : new boolean[] {false, true}) {
            // A piece buys 950 ns at the lower pace, and next to nothing at the higher one.
            long bytesPerSecond = MessageLimits.MAX_SLIVER_DATA_BYTES * (1_000_000_000L / 950) * (isSlow ? 1_000 : 1);
            agent = context().leastBytesPerSecond(bytesPerSecond).conclude();
            peer.sent().clear();
            peer.setRoom(0);
            agent.onRequest(peer, new GetSliver(REQUEST, id, 0, Part.PRIMARY));
            runToEnd();
            for (int i = 0; i < 4; i++) {
                nowNs += STALL_NS * 9 / 10;
                peer.setRoom(1);
                runToEnd();
            }
            nowNs += STALL_NS / 2;
            runToEnd();
            assertEquals(isSlow ? 1 : 0, agent.counters().abandoned());
            assertEquals(isSlow ? 2 : 4, peer.sent().size());
        }
    }

    @Test
    void onlyReadsAreTaken() {
        assertFalse(agent.onRequest(peer, new Hello(1, UNKNOWN_ID)));
        assertEquals(0, agent.doWork());
        assertTrue(peer.sent().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void contextsAreChecked(int bad) {
        assertThrows(IllegalArgumentException.class, () -> context().queueCapacity(bad).conclude());
        assertThrows(IllegalArgumentException.class, () -> context().maxAnswers(bad).conclude());
        assertThrows(IllegalArgumentException.class, () -> context().maxHeldBytes(bad).conclude());
        assertThrows(IllegalArgumentException.class, () -> context().maxProofBytes(bad).conclude());
        assertThrows(IllegalArgumentException.class, () -> context().maxLoadBytes(bad).conclude());
        assertThrows(IllegalArgumentException.class, () -> context().lineCacheBytes(bad - 1).conclude());
        assertThrows(IllegalArgumentException.class, () -> context().stallNs(bad).conclude());
        assertThrows(IllegalArgumentException.class, () -> context().maxAnswersPerPeer(bad).conclude());
        assertThrows(IllegalArgumentException.class, () -> context().maxWaitingPerPeer(bad).conclude());
        assertThrows(IllegalArgumentException.class, () -> context().leastBytesPerSecond(bad).conclude());
        assertThrows(IllegalArgumentException.class, () -> context().retryDelayMs(bad).conclude());
        assertThrows(IllegalArgumentException.class, () -> new ReadAgent.Context().conclude());
    }
}
