package dev.moraine.wire.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.GetHealth;
import dev.moraine.wire.message.GetMetadata;
import dev.moraine.wire.message.GetSliver;
import dev.moraine.wire.message.HealthAnswer;
import dev.moraine.wire.message.Hello;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MetadataAnswer;
import dev.moraine.wire.message.Part;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(Leaks.class)
class RequestTest {
    private static final long SHORT_NS = TimeUnit.MILLISECONDS.toNanos(50);

    @ParameterizedTest
    @EnumSource
    void everyRequestGetsItsOwnAnswer(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerConnection connection = loopback.connect(loopback.serve(new EchoHandler()));
            List<Outcome> outcomes = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                byte[] blobId = blobId(i);
                outcomes.add(Loopback.ask(connection, id -> new GetMetadata(id, blobId)));
            }
            for (int i = 0; i < outcomes.size(); i++) {
                assertArrayEquals(blobId(i), outcomes.get(i).answer(MetadataAnswer.class).metadata());
                assertEquals(1, outcomes.get(i).ends());
            }
            Loopback.eventually("no request is in flight", () -> connection.requestsInFlight() == 0);
            assertEquals(1, connection.counters().get(TransportCounter.OPENED));
        }
    }

    @ParameterizedTest
    @EnumSource
    void failuresOfTheNodeAreAnswersAndEndTheRequest(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = loopback.serve((from, message) -> {
                boolean isSliver = message instanceof GetSliver;
                from.send(
                        isSliver
                                ? new Failure(message.requestId(), FailureCode.NOT_FOUND, "not here")
                                : new Busy(message.requestId(), 100));
            });
            PeerConnection connection = loopback.connect(server);
            Endless failure = new Endless();
            connection.request(id -> new GetSliver(id, blobId(1), 0, Part.PRIMARY), failure, Loopback.PATIENCE_NS);
            Endless busy = new Endless();
            connection.request(GetHealth::new, busy, Loopback.PATIENCE_NS);
            Loopback.eventually("both requests are over", () -> connection.requestsInFlight() == 0);
            Loopback.eventually("both answers came", () -> failure.came.size() == 1 && busy.came.size() == 1);
            assertEquals(0, failure.failures.size() + busy.failures.size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void requestsTimeOutAndLateAnswersAreIgnored(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            HoldingHandler silent = new HoldingHandler();
            PeerConnection connection = loopback.connect(loopback.serve(silent));
            Outcome outcome = new Outcome();
            connection.request(GetHealth::new, outcome, SHORT_NS);
            outcome.failsWith(RequestFailure.TIMED_OUT);
            Outcome second = new Outcome();
            connection.request(GetHealth::new, second, Loopback.PATIENCE_NS);
            Loopback.eventually("both requests came", () -> silent.count() == 2);
            silent.answerAll();
            second.answer(HealthAnswer.class);
            Loopback.eventually(connection.counters(), TransportCounter.UNMATCHED_ANSWERS, 1);
            assertEquals(1, connection.counters().get(TransportCounter.REQUEST_TIMEOUTS));
            assertEquals(1, outcome.ends());
        }
    }

    @ParameterizedTest
    @EnumSource
    void cancelledRequestsEndOnce(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            HoldingHandler silent = new HoldingHandler();
            PeerConnection connection = loopback.connect(loopback.serve(silent));
            Outcome outcome = new Outcome();
            long id = connection.request(GetHealth::new, outcome, Loopback.PATIENCE_NS);
            Loopback.eventually("the request came", () -> silent.count() == 1);
            connection.cancel(id);
            connection.cancel(id);
            outcome.failsWith(RequestFailure.CANCELLED);
            assertFalse(connection.send(new GetHealth(id)), "the request is over");
            silent.answerAll();
            Loopback.eventually(connection.counters(), TransportCounter.UNMATCHED_ANSWERS, 1);
            assertEquals(1, outcome.ends());
        }
    }

    @ParameterizedTest
    @EnumSource
    void requestsInFlightAreHeldToTheirLimit(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            HoldingHandler silent = new HoldingHandler();
            PeerConnection connection = loopback.connect(
                    loopback.serve(silent), new ConnectionLimits.Context().maxRequestsInFlight(2).conclude());
            Outcome first = Loopback.ask(connection, GetHealth::new);
            Outcome second = Loopback.ask(connection, GetHealth::new);
            Loopback.ask(connection, GetHealth::new).failsWith(RequestFailure.OVER_LIMIT);
            Loopback.eventually("both requests came", () -> silent.count() == 2);
            silent.answerAll();
            first.answer(HealthAnswer.class);
            second.answer(HealthAnswer.class);
            Loopback.eventually("there is room", () -> connection.requestsInFlight() == 0);
            Outcome fourth = Loopback.ask(connection, GetHealth::new);
            Loopback.eventually("the request came", () -> silent.count() == 1);
            silent.answerAll();
            fourth.answer(HealthAnswer.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyPendingRequestFailsOnceWhenTheNodeGoesAwayAndTheNextOneReconnects(TransportKind kind)
            throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            HoldingHandler silent = new HoldingHandler();
            PeerServer server = loopback.serve(silent);
            PeerConnection connection = loopback.connect(server);
            List<Outcome> outcomes = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                outcomes.add(Loopback.ask(connection, GetHealth::new));
            }
            Loopback.eventually("all requests came", () -> silent.count() == 100);
            server.close();
            for (Outcome outcome : outcomes) {
                outcome.failsWith(RequestFailure.DISCONNECTED);
            }
            assertEquals(0, connection.requestsInFlight());
            assertFalse(connection.isConnected());

            try (Transport another = loopback.another()) {
                PeerServer restarted = restart(another, server);
                Outcome outcome = askUntilReached(connection);
                outcome.answer(MetadataAnswer.class);
                assertEquals(1, restarted.connectionCount());
                assertEquals(2, connection.counters().get(TransportCounter.OPENED));
            }
            for (Outcome outcome : outcomes) {
                assertEquals(1, outcome.ends());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void requestsFailAtOnceWhileTheNodeCannotBeReached(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = loopback.serve(new EchoHandler());
            server.close();
            PeerConnection connection = loopback.connect(
                    server,
                    new ConnectionLimits.Context()
                            .minBackoffNs(TimeUnit.HOURS.toNanos(1))
                            .maxBackoffNs(TimeUnit.HOURS.toNanos(1))
                            .conclude());
            Loopback.ask(connection, GetHealth::new).failsWith(RequestFailure.UNREACHABLE);
            Loopback.ask(connection, GetHealth::new).failsWith(RequestFailure.UNREACHABLE);
            assertEquals(1, connection.counters().get(TransportCounter.FAILED_CONNECTS));
            String problem = String.valueOf(connection.lastProblem());
            assertEquals(1, problem.lines().count());
            assertEquals(0, problem.indexOf(server.address().getHostString() + ":"), problem);
        }
    }

    @ParameterizedTest
    @EnumSource
    void namesAreLookedUpWhenConnecting(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = loopback.serve(new EchoHandler());
            InetSocketAddress byName = InetSocketAddress.createUnresolved("127.0.0.1", server.address().getPort());
            PeerConnection connection =
                    loopback.transport().connect(byName, Loopback.DEPLOYMENT, PeerConnection.ANY_NODE);
            Loopback.ask(connection, GetHealth::new).answer(HealthAnswer.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nodesOfAnotherDeploymentOrIndexAreRejected(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = loopback.serve(new EchoHandler());
            PeerConnection other = loopback.transport().connect(server.address(), blobId(9), 3);
            Loopback.ask(other, GetHealth::new).failsWith(RequestFailure.REJECTED);
            assertEquals(1, other.counters().get(TransportCounter.REFUSED_HELLO));
            PeerConnection wrongIndex = loopback.transport().connect(server.address(), Loopback.DEPLOYMENT, 4);
            Loopback.ask(wrongIndex, GetHealth::new).failsWith(RequestFailure.REJECTED);
            assertEquals(0, server.counters().get(TransportCounter.HANDLER_FAILURES));
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingEndsEveryRequest(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = loopback.serve(new HoldingHandler());
            PeerConnection connection = loopback.connect(server);
            Outcome pending = Loopback.ask(connection, GetHealth::new);
            connection.close();
            pending.failsWith(RequestFailure.CLOSED);
            Loopback.ask(connection, GetHealth::new).failsWith(RequestFailure.CLOSED);
            Transport another = loopback.another();
            PeerConnection onAnother = another.connect(server.address(), Loopback.DEPLOYMENT, 3);
            another.close();
            Loopback.ask(onAnother, GetHealth::new).failsWith(RequestFailure.CLOSED);
            assertEquals(1, pending.ends());
        }
    }

    @ParameterizedTest
    @EnumSource
    void responseHandlersThatThrowEndTheirConnection(TransportKind kind) throws IOException {
        try (ExpectedFailures _ = new ExpectedFailures();
                Loopback loopback = new Loopback(kind)) {
            PeerConnection connection = loopback.connect(loopback.serve(new EchoHandler()));
            Endless thrower = new Endless() {
                @Override
                public boolean onMessage(Message message) {
                    throw new IllegalStateException("thrown by a test");
                }
            };
            connection.request(GetHealth::new, thrower, Loopback.PATIENCE_NS);
            Loopback.eventually("the request failed", () -> thrower.failures.size() == 1);
            assertEquals(RequestFailure.DISCONNECTED, thrower.failures.peek());
            assertEquals(1, connection.counters().get(TransportCounter.HANDLER_FAILURES));
            askUntilReached(connection).answer(MetadataAnswer.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyRequestsOfClientsAreTaken(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerConnection connection = loopback.connect(loopback.serve(new EchoHandler()));
            Outcome outcome = new Outcome();
            assertThrows(IllegalArgumentException.class, () -> connection.request(_ -> new GetHealth(99), outcome, 1));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> connection.request(id -> new HealthAnswer(id, 0, 0, 0, 0), outcome, 1));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> connection.request(_ -> new Hello(1, Loopback.DEPLOYMENT), outcome, 1));
            assertThrows(IllegalArgumentException.class, () -> connection.request(GetHealth::new, outcome, 0));
            assertEquals(0, connection.requestsInFlight());
            assertFalse(outcome.isOver());
        }
    }

    private static PeerServer restart(Transport transport, PeerServer stopped) throws IOException {
        return transport.listen(
                stopped.address(), Loopback.IDENTITY, new EchoHandler(), ServerLimits.defaults());
    }

    /** A client does not know when a node is back; it asks again. */
    private static Outcome askUntilReached(PeerConnection connection) {
        List<Outcome> last = new ArrayList<>();
        Loopback.eventually("the node is reached", () -> {
            Outcome outcome = Loopback.ask(connection, id -> new GetMetadata(id, blobId(1)));
            last.add(outcome);
            Loopback.eventually("the request is over", outcome::isOver);
            return outcome.isAnswer();
        });
        return last.getLast();
    }

    private static byte[] blobId(int i) {
        byte[] blobId = new byte[32];
        Arrays.fill(blobId, (byte) i);
        return blobId;
    }

    /** Never has enough. */
    private static class Endless implements ResponseHandler {
        private final Queue<Message> came = new ConcurrentLinkedQueue<>();
        private final Queue<RequestFailure> failures = new ConcurrentLinkedQueue<>();

        @Override
        public boolean onMessage(Message message) {
            came.add(message);
            return false;
        }

        @Override
        public void onFailure(RequestFailure reason) {
            failures.add(reason);
        }
    }
}
