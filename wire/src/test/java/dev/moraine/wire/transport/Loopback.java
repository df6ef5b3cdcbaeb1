package dev.moraine.wire.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.moraine.wire.message.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/** A transport for one test, with servers and connections on the loopback interface. All are closed at the end. */
final class Loopback implements AutoCloseable {
    static final byte[] DEPLOYMENT = new byte[32];
    static final NodeIdentity IDENTITY = new NodeIdentity(DEPLOYMENT, 3);
    static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);

    private final Transport transport;
    private final Deque<AutoCloseable> further = new ArrayDeque<>();

    Loopback(TransportKind kind) {
        this(kind, SystemNanoClock.INSTANCE);
    }

    Loopback(TransportKind kind, NanoClock clock) {
        assumeTrue(kind.isAvailable(), () -> "skipped: transport " + kind.optionName() + " does not work here");
        transport = new Transport(kind, 2, clock);
    }

    Transport transport() {
        return transport;
    }

    /** Another transport of the same kind, so that one end can be closed alone. */
    Transport another() {
        Transport another = new Transport(transport.kind(), 1);
        further.push(another);
        return another;
    }

    PeerServer serve(PeerServer.Handler handler) {
        return serve(handler, ServerLimits.defaults());
    }

    PeerServer serve(PeerServer.Handler handler, ServerLimits limits) {
        try {
            InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            return transport.listen(anyPort, IDENTITY, handler, limits);
        } catch (BindFailedException e) {
            throw new UncheckedIOException(e);
        }
    }

    PeerConnection connect(PeerServer server) {
        return connect(server, ConnectionLimits.defaults());
    }

    PeerConnection connect(PeerServer server, ConnectionLimits limits) {
        return transport.connect(server.address(), DEPLOYMENT, IDENTITY.nodeIndex(), limits);
    }

    /** Sends a request and waits for its outcome. */
    static Outcome ask(PeerConnection connection, LongFunction<Message> build) {
        Outcome outcome = new Outcome();
        connection.request(build, outcome, PATIENCE_NS);
        return outcome;
    }

    /** Waits until something holds, and fails if it takes too long. */
    static void eventually(String what, BooleanSupplier holds) {
        long start = System.nanoTime();
        while (!holds.getAsBoolean()) {
            assertTrue(System.nanoTime() - start < PATIENCE_NS, () -> "did not happen in time: " + what);
            LockSupport.parkNanos(200_000);
        }
    }

    /** Waits until a counter has a value, and fails if it gets past it. */
    static void eventually(TransportCounters counters, TransportCounter counter, long value) {
        eventually(counter + " = " + value, () -> counters.get(counter) >= value);
        assertEquals(value, counters.get(counter), counter::name);
    }

    @Override
    public void close() throws IOException {
        for (AutoCloseable closeable : further) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
        transport.close();
    }
}
