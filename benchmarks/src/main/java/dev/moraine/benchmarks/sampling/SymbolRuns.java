package dev.moraine.benchmarks.sampling;

import dev.moraine.benchmarks.report.Row;
import dev.moraine.wire.transport.ConnectionLimits;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.Transport;
import dev.moraine.wire.transport.TransportKind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Measures symbols over the network against an echo of the same transport, in turns. */
final class SymbolRuns {
    private static final int IN_FLIGHT = 64;
    private static final int MANY = 64;
    private static final double MICROS = 1e3;

    /** Both sides are compiled, and the lines beyond the stored symbols are in the server's cache. */
    private static final int WARM_UP_ROUNDS = 5;

    private final Path folder;
    private final int rounds;
    private final long millis;

    /**
     * Prepares to measure.
     *
     * @param folder where the store goes
     * @param rounds how often each is measured
     * @param millis how long a measuring takes
     */
    SymbolRuns(Path folder, int rounds, long millis) {
        this.folder = folder;
        this.rounds = rounds;
        this.millis = millis;
    }

    /** Rates and latencies. */
    List<Row> measure() throws Exception {
        List<byte[]> ids = Warm.fill(folder);
        String kind = TransportKind.select("auto").name();
        List<Row> rows = new ArrayList<>();
        try (ServerProcess server = ServerProcess.start(folder, kind);
                Transport transport = new Transport(TransportKind.valueOf(kind), 1)) {
            String where = "n=31, " + Warm.SYMBOL_BYTES + " B symbols, " + Warm.BLOBS + " warm blobs, " + kind + ", "
                    + server.placement();
            PeerConnection service = connect(transport, server.servicePort());
            PeerConnection echo = connect(transport, server.echoPort());
            double peak = 0;
            for (int samples : new int[] {1, MANY}) {
                SymbolLoad ours = new SymbolLoad(service, ids, samples);
                SymbolLoad theirs = new SymbolLoad(echo, ids, samples);
                double[] served = new double[rounds];
                double[] echoed = new double[rounds];
                for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
                    double echoRate = theirs.closedLoop(IN_FLIGHT, millis);
                    double rate = ours.closedLoop(IN_FLIGHT, millis);
                    if (round >= 0) {
                        served[round] = rate;
                        echoed[round] = echoRate;
                    }
                }
                String what = samples == 1 ? SamplingBars.SINGLE : SamplingBars.MANY;
                String params = samples + " a request, " + IN_FLIGHT + " requests in flight; " + where;
                Row row = Row.of(what, SamplingBars.MORAINE, params, "samples/s", served);
                rows.add(row);
                rows.add(Row.of(what, SamplingBars.ECHO, params, "samples/s", echoed));
                peak = samples == 1 ? row.median() : peak;
            }
            rows.addAll(latencies(new SymbolLoad(service, ids, 1), peak / 2, where));
        }
        return rows;
    }

    private List<Row> latencies(SymbolLoad load, double rate, String where) throws InterruptedException {
        double[] medians = new double[rounds];
        double[] tails = new double[rounds];
        for (int round = -1; round < rounds; round++) {
            Histogram histogram = load.openLoop(rate, 2 * millis);
            if (round >= 0) {
                medians[round] = histogram.getValueAtPercentile(50) / MICROS;
                tails[round] = histogram.getValueAtPercentile(99) / MICROS;
            }
        }
        String params = "single, open loop at half of the peak; " + where;
        return List.of(
                Row.of(SamplingBars.P50, SamplingBars.MORAINE, params, "us", medians),
                Row.of(SamplingBars.P99, SamplingBars.MORAINE, params, "us", tails));
    }

    private static PeerConnection connect(Transport transport, int port) {
        return transport.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                Warm.DEPLOYMENT.toBytes(),
                0,
                new ConnectionLimits.Context()
                        .maxRequestsInFlight(SymbolLoad.MAX_IN_FLIGHT)
                        .conclude());
    }
}
