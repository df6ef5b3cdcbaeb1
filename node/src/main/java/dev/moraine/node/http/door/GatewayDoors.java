package dev.moraine.node.http.door;

import dev.moraine.node.gateway.Gateway;
import dev.moraine.node.http.HttpCounters;
import dev.moraine.node.http.HttpRoutes;
import dev.moraine.node.http.HttpServer;
import dev.moraine.node.http.MetricsText;
import dev.moraine.node.http.WorkerThreads;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.wire.transport.BindFailedException;
import dev.moraine.wire.transport.PeerConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP servers in front of a gateway: its own interface, and the one that the OP Stack's alt-DA mode talks to.
 * Thread-safe.
 */
public final class GatewayDoors implements AutoCloseable {
    private final List<AutoCloseable> parts = new ArrayList<>();
    private final Map<String, HttpCounters> counters = new ConcurrentSkipListMap<>();
    private final HttpServer own;
    private final @Nullable HttpServer altDa;

    private GatewayDoors(Gateway gateway, Committee committee, GatewayDoorSettings settings) throws IOException {
        boolean isOpen = false;
        try {
            BlobPosting posting = new BlobPosting(gateway, committee, settings.epochClock(), settings.maxBlobBytes());
            BlobReading reading = add(new BlobReading(
                    gateway,
                    committee,
                    settings.maxBlobBytes(),
                    settings.readMemoryBytes(),
                    settings.readCacheBytes(),
                    settings.readTimeout()));
            WorkerThreads writers = add(new WorkerThreads("posts of long batches", settings.maxLongPosts()));
            WorkerThreads readers = add(new WorkerThreads("reads", settings.maxReads()));
            WorkerThreads scrapers = add(CommonRoutes.scrapers());
            ProofRoutes proofs = add(new ProofRoutes(
                    committee, gateway.connections(), settings.maxBlobBytes(), settings.readTimeout()));
            List<MetricsText.Source> sources = new ArrayList<>(List.of(
                    new GatewayMetrics(gateway),
                    metrics -> metrics.gauge("moraine_read_cache_bytes", "Memory of blobs that are kept for readers.")
                            .sample(reading.keptBytes()),
                    CommonMetrics.http(() -> counters), CommonMetrics.process()));
            sources.addAll(settings.furtherMetrics());
            HttpRoutes routes = new HttpRoutes.Context()
                    .with(BlobRoutes.of(posting, reading, committee, writers, readers, settings.maxBlobBytes()))
                    .with(CommonRoutes.health("/v1/health", () -> true, () -> health(gateway, committee, posting, settings)))
                    .with(CommonRoutes.metrics(scrapers, sources))
                    .with(CommonRoutes.genesis(committee))
                    .with(proofs.routes(readers))
                    .with(settings.furtherRoutes())
                    .conclude();
            altDa = openAltDa(posting, reading, readers, settings);
            own = add(HttpServer.open(settings.server(), routes));
            counters.put("gateway", own.counters());
            isOpen = true;
        } finally {
            if (!isOpen) {
                close();
            }
        }
    }

    /**
     * Opens the doors.
     *
     * @param gateway what they lead to; closed after them
     * @param committee the gateway's committee
     * @param settings where they are
     * @return the doors, open
     * @throws BindFailedException if an address is in use or not one of this machine
     * @throws IOException if the index of Keccak commitments cannot be opened
     * @throws IllegalArgumentException if a setting is out of its range
     */
    public static GatewayDoors open(Gateway gateway, Committee committee, GatewayDoorSettings settings)
            throws IOException {
        return new GatewayDoors(gateway, committee, settings);
    }

    private @Nullable HttpServer openAltDa(
            BlobPosting posting, BlobReading reading, WorkerThreads readers, GatewayDoorSettings settings)
            throws IOException {
        AltDaSettings wanted = settings.altDa();
        if (wanted == null) {
            return null;
        }
        WorkerThreads writers = add(new WorkerThreads("alt-DA puts", wanted.maxPuts()));
        KeccakIndex index = add(KeccakIndex.open(wanted.folder(), wanted.maxKeccakEntries()));
        HttpRoutes routes = new AltDaRoutes(posting, reading, index, wanted.namespace(), wanted.retainEpochs())
                .routes(writers, readers, settings.maxBlobBytes());
        HttpServer server = add(HttpServer.open(wanted.server(), routes));
        counters.put("alt-da", server.counters());
        return server;
    }

    private static Map<String, Object> health(
            Gateway gateway, Committee committee, BlobPosting posting, GatewayDoorSettings settings) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("status", "OK");
        facts.put("deploymentId", committee.deploymentId().toString());
        facts.put("epoch", posting.epoch());
        facts.put("retentionEpochs", committee.retentionEpochs());
        facts.put("maxBlobBytes", settings.maxBlobBytes());
        facts.put("nodes", committee.members().size());
        facts.put(
                "connectedNodes",
                gateway.connections().stream().filter(PeerConnection::isConnected).count());
        return facts;
    }

    private <T extends AutoCloseable> T add(T part) {
        parts.addFirst(part);
        return part;
    }

    /** {@return where the gateway's own interface is} */
    public InetSocketAddress address() {
        return own.address();
    }

    /** {@return where the OP Stack's interface is, or null if it is not wanted} */
    public @Nullable InetSocketAddress altDaAddress() {
        HttpServer server = altDa;
        return server == null ? null : server.address();
    }

    /** Stops listening and ends all requests. The gateway stays open. */
    @Override
    public void close() {
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                System.getLogger(GatewayDoors.class.getName())
                        .log(System.Logger.Level.WARNING, "a part of the doors did not close", e);
            }
        }
    }
}
