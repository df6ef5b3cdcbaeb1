package dev.moraine.node.http.door;

import dev.moraine.node.http.HttpCounters;
import dev.moraine.node.http.HttpRoutes;
import dev.moraine.node.http.HttpServer;
import dev.moraine.node.http.MetricsText;
import dev.moraine.node.http.WorkerThreads;
import dev.moraine.node.storagenode.StorageNode;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.storage.store.StoreHealth;
import dev.moraine.wire.transport.BindFailedException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A storage node's HTTP server: {@code /v1/health}, {@code /metrics}, {@code /v1/genesis}, and what is added. */
public final class NodeDoor implements AutoCloseable {
    private final WorkerThreads scrapers = CommonRoutes.scrapers();
    private final HttpServer server;
    private volatile @Nullable HttpCounters counters;

    private NodeDoor(
            StorageNode node,
            Committee committee,
            HttpServer.Context context,
            HttpRoutes further,
            List<MetricsText.Source> furtherMetrics)
            throws BindFailedException {
        List<MetricsText.Source> sources = new ArrayList<>(List.of(
                new NodeMetrics(node), CommonMetrics.http(this::httpCounters), CommonMetrics.process()));
        sources.addAll(furtherMetrics);
        HttpRoutes routes = new HttpRoutes.Context()
                .with(CommonRoutes.health(
                        "/v1/health",
                        () -> node.storeHealth().state() == StoreHealth.State.OK,
                        () -> health(node, committee)))
                .with(CommonRoutes.metrics(scrapers, sources))
                .with(CommonRoutes.genesis(committee))
                .with(further)
                .conclude();
        server = HttpServer.open(context, routes);
        counters = server.counters();
    }

    /**
     * Opens the door.
     *
     * @param node what it belongs to; closed after it
     * @param committee the node's committee
     * @param context where it listens
     * @param further routes besides the door's own
     * @param furtherMetrics measurements besides the node's own
     * @return the door, open
     * @throws BindFailedException if the address is in use or not one of this machine
     */
    public static NodeDoor open(
            StorageNode node,
            Committee committee,
            HttpServer.Context context,
            HttpRoutes further,
            List<MetricsText.Source> furtherMetrics)
            throws BindFailedException {
        return new NodeDoor(node, committee, context, further, furtherMetrics);
    }

    private Map<String, HttpCounters> httpCounters() {
        HttpCounters known = counters;
        return known == null ? Map.of() : Map.of("node", known);
    }

    private static Map<String, Object> health(StorageNode node, Committee committee) {
        StoreHealth store = node.storeHealth();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("status", store.state().name());
        facts.put("deploymentId", committee.deploymentId().toString());
        facts.put("pairs", store.pairs());
        facts.put("certificates", store.certificates());
        facts.put("bytes", store.bytes());
        facts.put("quarantined", store.quarantined());
        return facts;
    }

    /** {@return where it listens} */
    public InetSocketAddress address() {
        return server.address();
    }

    @Override
    public void close() {
        server.close();
        scrapers.close();
    }
}
