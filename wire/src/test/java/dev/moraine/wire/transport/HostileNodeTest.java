package dev.moraine.wire.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.GetHealth;
import dev.moraine.wire.message.HealthAnswer;
import dev.moraine.wire.message.Hello;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.Welcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a node does, a client's requests end, each once, and for the right reason. */
@ExtendWith(Leaks.class)
class HostileNodeTest {
    private static final Welcome WELCOME = new Welcome(1, Loopback.DEPLOYMENT, 3);

    /** What the node does with a connection after the client's greeting. */
    private interface Behaviour {
        void run(RawPeer client) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void badGreetingsAreRejected(TransportKind kind) throws IOException {
        byte[] otherDeployment = new byte[32];
        otherDeployment[0] = 1;
        meets(kind, client -> client.send(new Welcome(2, Loopback.DEPLOYMENT, 3)), RequestFailure.REJECTED);
        meets(kind, client -> client.send(new Welcome(1, otherDeployment, 3)), RequestFailure.REJECTED);
        meets(kind, client -> client.send(new Welcome(1, Loopback.DEPLOYMENT, 4)), RequestFailure.REJECTED);
        meets(kind, client -> client.send(new HealthAnswer(1, 0, 0, 0, 0)), RequestFailure.REJECTED);
        meets(kind, client -> client.send(new Failure(0, FailureCode.OVER_LIMIT, "full")), RequestFailure.REJECTED);
    }

    @ParameterizedTest
    @EnumSource
    void nodesThatDoNotGreetAreUnreachable(TransportKind kind) throws IOException {
        meets(kind, RawPeer::close, RequestFailure.UNREACHABLE);
        meets(kind, RawPeer::awaitClose, RequestFailure.UNREACHABLE);
        meets(kind, client -> client.sendBytes(new byte[100]), RequestFailure.UNREACHABLE);
        meets(kind, client -> client.sendLength(513), RequestFailure.UNREACHABLE);
    }

    @ParameterizedTest
    @EnumSource
    void badAnswersEndTheConnection(TransportKind kind) throws IOException {
        meets(kind, client -> greetThen(client, new Welcome(1, Loopback.DEPLOYMENT, 3)), RequestFailure.DISCONNECTED);
        meets(kind, client -> greetThen(client, new GetHealth(1)), RequestFailure.DISCONNECTED);
        meets(kind, client -> greetThen(client, new Failure(0, FailureCode.INTERNAL, "")), RequestFailure.DISCONNECTED);
        meets(
                kind,
                client -> {
                    client.send(WELCOME);
                    client.sendFrame(new byte[50]);
                },
                RequestFailure.DISCONNECTED);
        meets(
                kind,
                client -> {
                    client.send(WELCOME);
                    client.sendLength(-5);
                },
                RequestFailure.DISCONNECTED);
    }

    private static void greetThen(RawPeer client, Message message) throws IOException {
        client.send(WELCOME);
        client.send(message);
    }

    private static void meets(TransportKind kind, Behaviour behaviour, RequestFailure expected) throws IOException {
        try (Loopback loopback = new Loopback(kind);
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread node = Thread.ofVirtual().start(() -> {
                try (RawPeer client = new RawPeer(socket.accept())) {
                    assertInstanceOf(Hello.class, client.read());
                    behaviour.run(client);
                    client.awaitClose();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            PeerConnection connection = loopback.transport().connect(
                    (InetSocketAddress) socket.getLocalSocketAddress(),
                    Loopback.DEPLOYMENT,
                    Loopback.IDENTITY.nodeIndex(),
                    new ConnectionLimits.Context()
                            .handshakeTimeoutNs(TimeUnit.MILLISECONDS.toNanos(500))
                            .minBackoffNs(TimeUnit.HOURS.toNanos(1))
                            .maxBackoffNs(TimeUnit.HOURS.toNanos(1))
                            .conclude());
            Outcome outcome = Loopback.ask(connection, GetHealth::new);
            outcome.failsWith(expected);
            Loopback.ask(connection, GetHealth::new).failsWith(RequestFailure.UNREACHABLE);
            assertEquals(1, outcome.ends());
            Loopback.eventually("the node is done", () -> !node.isAlive());
        }
    }
}
