package dev.moraine.benchmarks.ingest;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moraine.ingest.journal.CertificateJournal;
import dev.moraine.ingest.journal.JournalContext;
import dev.moraine.ingest.pipeline.IngestContext;
import dev.moraine.node.gateway.Gateway;
import dev.moraine.node.genesis.GenesisFile;
import dev.moraine.proofs.certificate.KeyFile;
import dev.moraine.proofs.committee.Committee;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A gateway as a process, with the load generator in it. It reads a command a line and answers with a line of JSON:
 * {@code lone BYTES COUNT}, {@code saturate SIZES SECONDS}, {@code open SIZES RATE SECONDS}.
 */
final class GatewayDriver {
    private GatewayDriver() {}

    /**
     * Runs the gateway.
     *
     * @param arguments the folder of the network, and the ports of the nodes
     * @throws Exception if it does not start
     */
    public static void main(String[] arguments) throws Exception {
        Path network = Path.of(arguments[0]);
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (String port : arguments[1].split(",", -1)) {
            addresses.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)));
        }
        Committee committee = GenesisFile.read(BenchNetwork.genesis(network));
        try (CertificateJournal journal = CertificateJournal.open(new JournalContext()
                        .folder(network.resolve("journal"))
                        .committee(committee)
                        .currentEpoch(() -> committee.epochs().epochAt(System.currentTimeMillis())));
                Gateway gateway = Gateway.open(new Gateway.Context()
                        .committee(committee)
                        .writerKey(KeyFile.readWriter(BenchNetwork.writerKey(network)))
                        .addresses(addresses)
                        .ingest(new IngestContext().journal(journal)))) {
            serve(new LoadGenerator(gateway, committee, journal));
        }
    }

    private static void serve(LoadGenerator load) throws Exception {
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        ObjectMapper json = new ObjectMapper();
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            String[] words = line.split(" ", -1);
            Map<String, Double> measured =
                    switch (words[0]) {
                        case "lone" -> load.oneAtATime(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                        case "saturate" -> load.saturate(words[1], Double.parseDouble(words[2]));
                        case "open" ->
                            load.openLoop(words[1], Double.parseDouble(words[2]), Double.parseDouble(words[3]));
                        default -> throw new IllegalArgumentException("no such command: " + line);
                    };
            out.println(json.writeValueAsString(measured));
        }
    }
}
