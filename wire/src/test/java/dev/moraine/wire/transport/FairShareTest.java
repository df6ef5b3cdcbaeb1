package dev.moraine.wire.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.GetHealth;
import dev.moraine.wire.message.GetSliver;
import dev.moraine.wire.message.HealthAnswer;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.message.Part;
import dev.moraine.wire.message.Ping;
import dev.moraine.wire.message.SliverData;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What one connection or one address may take of a server leaves enough for others, and is refused by name. */
@ExtendWith(Leaks.class)
class FairShareTest {
    private static final int FRAME_BYTES = MessageLimits.MAX_FRAME_BYTES;

    @ParameterizedTest
    @EnumSource
    void idleConnectionsOfOneAddressLeaveRoomForOthers(TransportKind kind) throws IOException {
        int limit = ServerLimits.defaults().maxConnectionsPerAddress();
        List<RawPeer> crowd = new ArrayList<>();
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = loopback.serve(new EchoHandler());
            try {
                for (int i = 0; i < limit; i++) {
                    crowd.add(RawPeer.to(server).greet());
                }
                for (int i = 0; i < 100; i++) {
                    RawPeer refused = RawPeer.to(server);
                    crowd.add(refused);
                    assertEquals(FailureCode.OVER_LIMIT, refused.read(Failure.class).code());
                    assertNull(refused.read());
                }
                assertEquals(limit, server.connectionCount());
                Loopback.eventually(server.counters(), TransportCounter.REFUSED_ADDRESSES, 100);
                try (RawPeer other = RawPeer.fromElsewhereTo(server).greet()) {
                    other.send(new GetHealth(1));
                    other.read(HealthAnswer.class);
                }
            } finally {
                for (RawPeer peer : crowd) {
                    peer.close();
                }
            }
            Loopback.eventually("all are gone", () -> server.connectionCount() == 0);
            try (RawPeer again = RawPeer.to(server).greet()) {
                again.send(new GetHealth(1));
                again.read(HealthAnswer.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aThousandRequestsAtOnceAreAnsweredOrPutOff(TransportKind kind) throws IOException {
        HoldingHandler holding = new HoldingHandler();
        ServerLimits limits = ServerLimits.defaults();
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = loopback.serve(holding, limits);
            PeerConnection connection = loopback.connect(server);
            List<Outcome> outcomes = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                outcomes.add(Loopback.ask(connection, GetHealth::new));
            }
            int refused = 1000 - limits.maxRequestsPerConnection();
            Loopback.eventually(server.counters(), TransportCounter.REFUSED_REQUESTS, refused);
            Loopback.eventually("the others came", () -> holding.count() == limits.maxRequestsPerConnection());
            holding.answerAll();
            for (Outcome outcome : outcomes.subList(0, limits.maxRequestsPerConnection())) {
                outcome.answer(HealthAnswer.class);
            }
            for (Outcome outcome : outcomes.subList(limits.maxRequestsPerConnection(), 1000)) {
                outcome.answer(Busy.class);
            }
            Outcome next = Loopback.ask(connection, GetHealth::new);
            Loopback.eventually("there is room again", () -> holding.count() == 1);
            holding.answerAll();
            next.answer(HealthAnswer.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void connectionsOfOneAddressShareItsRequests(TransportKind kind) throws IOException {
        HoldingHandler holding = new HoldingHandler();
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = loopback.serve(holding, new ServerLimits.Context().maxRequestsPerAddress(3).conclude());
            RawPeer leaving = RawPeer.to(server).greet();
            try (RawPeer staying = RawPeer.to(server).greet();
                    RawPeer other = RawPeer.fromElsewhereTo(server).greet()) {
                leaving.send(new GetHealth(1));
                leaving.send(new GetHealth(2));
                Loopback.eventually("they came", () -> holding.count() == 2);
                staying.send(new GetHealth(1));
                staying.send(new GetHealth(2));
                assertEquals(2, staying.read(Busy.class).requestId());
                for (int id = 1; id <= 3; id++) {
                    other.send(new GetHealth(id));
                }
                Loopback.eventually("those of the other came", () -> holding.count() == 6);
                leaving.close();
                Loopback.eventually("it is gone", () -> server.connectionCount() == 2);
                staying.send(new GetHealth(3));
                staying.send(new GetHealth(4));
                Loopback.eventually("there was room", () -> holding.count() == 8);
                staying.send(new GetHealth(5));
                assertEquals(5, staying.read(Busy.class).requestId());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void requestIdsAreNotReusedWhileTheyAreOpen(TransportKind kind) throws IOException {
        HoldingHandler holding = new HoldingHandler();
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = loopback.serve(holding);
            try (RawPeer peer = RawPeer.to(server).greet()) {
                peer.send(new GetHealth(5));
                peer.send(new GetHealth(5));
                Failure failure = peer.read(Failure.class);
                assertEquals(FailureCode.UNEXPECTED_MESSAGE, failure.code());
                assertEquals(5, failure.requestId());
                assertEquals(1, holding.count());
                holding.answerAll();
                peer.read(HealthAnswer.class);
                peer.send(new GetHealth(5));
                Loopback.eventually("it came", () -> holding.count() == 1);
                holding.answerAll();
                peer.read(HealthAnswer.class);
                peer.send(new GetHealth(0));
                assertEquals(FailureCode.UNEXPECTED_MESSAGE, peer.read(Failure.class).code());
                assertNull(peer.read());
            }
            assertEquals(1, server.counters().get(TransportCounter.REUSED_IDS));
        }
    }

    @ParameterizedTest
    @EnumSource
    void requestsThatTheNodeForgetsEndInTime(TransportKind kind) throws IOException {
        ManualClock clock = new ManualClock();
        HoldingHandler holding = new HoldingHandler();
        try (Loopback loopback = new Loopback(kind, clock)) {
            PeerServer server =
                    loopback.serve(holding, ManualClock.quickServer().maxRequestsPerConnection(1).conclude());
            PeerConnection connection = loopback.connect(server, ManualClock.quickClient());
            Outcome forgotten = Loopback.ask(connection, GetHealth::new);
            Loopback.eventually("it came", () -> holding.count() == 1);
            for (int i = 1; i <= 12; i++) {
                clock.advanceMs(11);
                int pings = i;
                Loopback.eventually(
                        "a sign of life came, or the end",
                        () -> forgotten.isOver() || connection.counters().get(TransportCounter.FRAMES_IN) > pings);
            }
            assertEquals(FailureCode.OVER_LIMIT, forgotten.answer(Failure.class).code());
            assertEquals(1, server.counters().get(TransportCounter.REQUEST_TIMEOUTS));
            Outcome next = Loopback.ask(connection, GetHealth::new);
            Loopback.eventually("there is room again", () -> holding.count() == 2);
            holding.answerAll();
            next.answer(HealthAnswer.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void unfinishedFramesAreHeldToTheirMemory(TransportKind kind) throws IOException {
        long limit = 3L * FRAME_BYTES;
        List<RawPeer> crowd = new ArrayList<>();
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server =
                    loopback.serve(new EchoHandler(), new ServerLimits.Context().maxInboundBytes(limit).conclude());
            try (RawPeer honest = RawPeer.to(server).greet()) {
                for (int i = 0; i < 3; i++) {
                    crowd.add(beginFrame(RawPeer.fromElsewhereTo(server).greet()));
                    long expected = (i + 1L) * FRAME_BYTES;
                    Loopback.eventually("it is held", () -> server.inboundBytes() == expected);
                }
                RawPeer greedy = beginFrame(RawPeer.fromElsewhereTo(server).greet());
                crowd.add(greedy);
                assertEquals(FailureCode.OVER_LIMIT, greedy.read(Failure.class).code());
                assertNull(greedy.read());
                assertEquals(limit, server.inboundBytes());

                beginFrame(honest);
                assertEquals(FailureCode.OVER_LIMIT, crowd.getFirst().read(Failure.class).code());
                honest.sendBytes(new byte[1]);
                assertEquals(FailureCode.MALFORMED, honest.read(Failure.class).code(), "the frame came whole");
                Loopback.eventually(server.counters(), TransportCounter.INBOUND_EVICTIONS, 2);
                Loopback.eventually("its memory is free", () -> server.inboundBytes() == 2L * FRAME_BYTES);
            } finally {
                for (RawPeer peer : crowd) {
                    peer.close();
                }
            }
            Loopback.eventually("all is free", () -> server.inboundBytes() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void announcementsAloneTakeLittleMemory(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = loopback.serve(new EchoHandler());
            try (RawPeer peer = RawPeer.to(server).greet()) {
                peer.sendLength(FRAME_BYTES);
                peer.sendBytes(new byte[FrameDecoder.FIRST_BYTES]);
                Loopback.eventually("it is held", () -> server.inboundBytes() == FrameDecoder.FIRST_BYTES);
                peer.sendBytes(new byte[1]);
                Loopback.eventually("all of it is held", () -> server.inboundBytes() == FRAME_BYTES);
                assertTrue(server.counters().get(TransportCounter.FRAMES_IN) == 1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotReadIsHeldToItsMemory(TransportKind kind) throws IOException {
        long limit = 64L << 20;
        List<RawPeer> crowd = new ArrayList<>();
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = loopback.serve(
                    new StuffingHandler(), new ServerLimits.Context().maxTotalOutboundBytes(limit).conclude());
            try {
                // Each takes up to the limit of a connection, so one of them is one too many.
                while (server.counters().get(TransportCounter.REFUSED_SENDS) < 5) {
                    long refused = server.counters().get(TransportCounter.REFUSED_SENDS);
                    RawPeer peer = RawPeer.fromElsewhereTo(server).greet();
                    crowd.add(peer);
                    peer.send(new GetSliver(1, new byte[32], 0, Part.PRIMARY));
                    Loopback.eventually(
                            "it is stuffed", () -> server.counters().get(TransportCounter.REFUSED_SENDS) > refused);
                    assertTrue(server.outboundBytes() <= limit);
                    assertEquals(0, server.counters().get(TransportCounter.OUTBOUND_EVICTIONS));
                }
                assertTrue(server.outboundBytes() > limit / 2);
                try (RawPeer honest = RawPeer.to(server).greet()) {
                    for (int id = 1; server.counters().get(TransportCounter.OUTBOUND_EVICTIONS) == 0; id++) {
                        honest.send(new GetSliver(id, new byte[32], 0, Part.SECONDARY));
                        honest.read(SliverData.class);
                        assertTrue(id < 1000, "memory is used up, but nobody gives way");
                        if (server.outboundBytes() + StuffingHandler.PIECE_BYTES <= limit) {
                            break;
                        }
                    }
                    honest.send(new GetHealth(1000));
                    honest.read(HealthAnswer.class);
                }
            } finally {
                for (RawPeer peer : crowd) {
                    peer.close();
                }
            }
            Loopback.eventually("all is free", () -> server.outboundBytes() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoReadsNothingIsGivenUpEvenIfItTalks(TransportKind kind) throws IOException {
        ManualClock clock = new ManualClock();
        try (Loopback loopback = new Loopback(kind, clock)) {
            // Twice what the kernel takes from a sender whose peer does not read.
            PeerServer server = loopback.serve(
                    new StuffingHandler(),
                    ManualClock.quickServer().maxOutboundBytes(32L << 20).conclude());
            try (RawPeer peer = RawPeer.slowTo(server).greet()) {
                peer.send(new GetSliver(1, new byte[32], 0, Part.PRIMARY));
                Loopback.eventually("it is stuffed", () -> server.counters().get(TransportCounter.REFUSED_SENDS) > 0);
                peer.send(new Ping(1));
                Loopback.eventually("it is given up", () -> {
                    clock.advanceMs(1);
                    return server.connectionCount() == 0;
                });
                assertEquals(1, server.counters().get(TransportCounter.WRITE_TIMEOUTS));
            }
            Loopback.eventually("all is free", () -> server.outboundBytes() == 0);
        }
    }

    /** Answers a request for a primary sliver with as much as the connection takes, and one for another with a piece. */
    private static final class StuffingHandler extends EchoHandler {
        private static final int PIECE_BYTES = MessageLimits.MAX_SLIVER_DATA_BYTES;

        private final MemorySegment memory = Arena.ofAuto().allocate(PIECE_BYTES);

        @Override
        public void onMessage(PeerChannel from, Message message) {
            if (!(message instanceof GetSliver get)) {
                super.onMessage(from, message);
                return;
            }
            boolean isStuffing = get.part() == Part.PRIMARY;
            long totalBytes = isStuffing ? 2L * PIECE_BYTES : PIECE_BYTES;
            SliverData piece = new SliverData(get.requestId(), 0, 0, get.part(), 0, totalBytes, memory);
            boolean isSent = from.sendThenRelease(piece, () -> {});
            while (isStuffing && isSent) {
                isSent = from.sendThenRelease(piece, () -> {});
            }
        }
    }

    /** Sends all of the largest frame but its last byte. */
    private static RawPeer beginFrame(RawPeer peer) throws IOException {
        peer.sendLength(FRAME_BYTES);
        peer.sendBytes(new byte[FRAME_BYTES - 1]);
        return peer;
    }
}
