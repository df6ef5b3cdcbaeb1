package dev.moraine.benchmarks.sampling;

import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.SymbolProof;
import dev.moraine.sampling.serve.ReadAgent;
import dev.moraine.storage.store.SliverStore;
import dev.moraine.wire.message.ClientMessage;
import dev.moraine.wire.message.GetSymbols;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.SymbolAnswer;
import dev.moraine.wire.message.SymbolsAnswer;
import dev.moraine.wire.transport.NodeIdentity;
import dev.moraine.wire.transport.PeerChannel;
import dev.moraine.wire.transport.PeerServer;
import dev.moraine.wire.transport.ServerLimits;
import dev.moraine.wire.transport.Transport;
import dev.moraine.wire.transport.TransportKind;
import dev.moraine.wire.transport.WakeUpIdle;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.AgentRunner;

/**
 * The process that is asked: the read agent of a node behind one port, and behind another an echo that answers as many
 * bytes without looking anything up. Both are served by the same event loop. It ends when its input ends.
 */
public final class SamplingServer {
    /** As in a node. */
    private static final long MIN_SLEEP_NS = TimeUnit.MICROSECONDS.toNanos(200);

    private static final long MAX_SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private SamplingServer() {}

    /**
     * Serves.
     *
     * @param arguments the folder of the store, and the kind of the transport
     * @throws Exception if the store or the ports cannot be had
     */
    public static void main(String[] arguments) throws Exception {
        try (SliverStore store = Warm.open(Path.of(arguments[0]));
                Transport transport = new Transport(TransportKind.valueOf(arguments[1]), 1)) {
            ReadAgent agent = new ReadAgent.Context()
                    .store(store)
                    .geometry(Warm.GEOMETRY)
                    .currentEpoch(() -> 0)
                    .conclude();
            WakeUpIdle idle = new WakeUpIdle(MIN_SLEEP_NS, MAX_SLEEP_NS);
            AgentRunner runner = new AgentRunner(
                    idle,
                    fault -> {
                        throw new IllegalStateException(fault);
                    },
                    null,
                    agent);
            AgentRunner.startOnThread(runner);
            PeerServer service = listen(transport, (from, message) -> {
                agent.onRequest(from, (ClientMessage) message);
                idle.wake();
            });
            PeerServer echo = listen(transport, new Echo());
            PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            out.println(service.address().getPort() + " " + echo.address().getPort());
            waitForEnd();
            runner.close();
        }
    }

    private static PeerServer listen(Transport transport, PeerServer.Handler handler) throws Exception {
        return transport.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new NodeIdentity(Warm.DEPLOYMENT.toBytes(), 0),
                handler,
                new ServerLimits.Context()
                        .maxRequestsPerConnection(SymbolLoad.MAX_IN_FLIGHT)
                        .maxRequestsPerAddress(SymbolLoad.MAX_IN_FLIGHT)
                        .conclude());
    }

    private static void waitForEnd() throws IOException {
        while (System.in.read() >= 0) {
            // Nothing is said; the end is what counts.
        }
    }

    /** Answers with the same bytes, on the event loop. */
    private static final class Echo implements PeerServer.Handler {
        private final SymbolAnswer answer = SymbolAnswer.whole(new byte
                [SymbolProof.encodedBytes(Warm.blobs().commitment().metadata().header(), Warm.PAIR, 0, Axis.ROW)]);

        @Override
        public void onMessage(PeerChannel from, Message message) {
            GetSymbols get = (GetSymbols) message;
            List<SymbolAnswer> answers = Collections.nCopies(get.coordinates().size(), answer);
            from.send(new SymbolsAnswer(get.requestId(), 0, true, answers));
        }
    }
}
