package dev.moraine.node.http.door;

import dev.moraine.ingest.disperse.FailureReason;
import dev.moraine.ingest.disperse.IngestCounters;
import dev.moraine.node.gateway.Gateway;
import dev.moraine.node.http.MetricsText;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.TransportCounters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The measurements of a gateway. */
final class GatewayMetrics implements MetricsText.Source {
    private final Gateway gateway;
    private final MetricsText.Source connections;

    /**
     * The measurements of one gateway.
     *
     * @param gateway the gateway
     */
    GatewayMetrics(Gateway gateway) {
        this.gateway = gateway;
        this.connections = CommonMetrics.transport(this::transportCounters);
    }

    private Map<String, TransportCounters> transportCounters() {
        Map<String, TransportCounters> counters = new LinkedHashMap<>();
        List<PeerConnection> nodes = gateway.connections();
        for (int i = 0; i < nodes.size(); i++) {
            counters.put("node-" + i, nodes.get(i).counters());
        }
        return counters;
    }

    @Override
    public void write(MetricsText metrics) {
        IngestCounters counters = gateway.counters();
        metrics.counter("moraine_ingest_batches_accepted_total", "Batches that were admitted.")
                .sample(counters.accepted());
        metrics.counter("moraine_ingest_batches_certified_total", "Admitted batches that were answered with a certificate.")
                .sample(counters.certified());
        metrics.counter("moraine_ingest_batches_failed_total", "Admitted batches that got no certificate, by reason.");
        for (FailureReason reason : FailureReason.values()) {
            metrics.sample(counters.failed(reason), "reason", CommonMetrics.label(reason));
        }
        metrics.counter("moraine_ingest_batches_repeated_total", "Batches that were the same as one in flight or certified.")
                .sample(counters.repeated());
        metrics.counter("moraine_ingest_bundles_total", "Bundles that were offered to the nodes.")
                .sample(counters.bundles());
        metrics.counter("moraine_ingest_bundles_certified_total", "Bundles that reached their quorum.")
                .sample(counters.bundlesCertified());
        metrics.counter("moraine_ingest_bundled_batches_total", "Batches in the bundles that were offered.")
                .sample(counters.bundledBatches());
        metrics.counter("moraine_ingest_node_busy_total", "Offers that a node was too busy for.").sample(counters.busy());
        metrics.counter("moraine_ingest_tails_cut_total", "Bundles ended before every node had answered.")
                .sample(counters.tailsCut());
        metrics.counter("moraine_ingest_connections_reset_total", "Connections dropped because their node read nothing.")
                .sample(counters.connectionsReset());
        metrics.counter("moraine_ingest_certificates_kept_total", "Certificates that a node said it keeps.")
                .sample(counters.certificatesKept());
        metrics.counter("moraine_ingest_certificates_undelivered_total", "Certificates that a node did not take.")
                .sample(counters.certificatesUndelivered());
        metrics.gauge("moraine_ingest_leased_bytes", "Memory that batches hold.").sample(gateway.leasedBytes());
        writeNodes(metrics, counters);
        connections.write(metrics);
    }

    private void writeNodes(MetricsText metrics, IngestCounters counters) {
        List<PeerConnection> nodes = gateway.connections();
        metrics.counter("moraine_ingest_bad_signatures_total", "Signatures of a node that were none of the statement.");
        for (int i = 0; i < nodes.size(); i++) {
            metrics.sample(counters.badSignatures(i), "node", String.valueOf(i));
        }
        metrics.counter("moraine_ingest_node_failures_total", "Bundles that a node neither signed nor refused.");
        for (int i = 0; i < nodes.size(); i++) {
            metrics.sample(counters.nodeFailures(i), "node", String.valueOf(i));
        }
        metrics.counter("moraine_ingest_node_skips_total", "Bundles that a node was not sent, because it had failed before.");
        for (int i = 0; i < nodes.size(); i++) {
            metrics.sample(counters.nodeSkips(i), "node", String.valueOf(i));
        }
        metrics.counter("moraine_ingest_node_drops_total", "Bundles left to repair, because too much waited for a node.");
        for (int i = 0; i < nodes.size(); i++) {
            metrics.sample(counters.nodeDrops(i), "node", String.valueOf(i));
        }
        metrics.counter("moraine_ingest_node_exclusions_total", "Times that a node was left out for a while.");
        for (int i = 0; i < nodes.size(); i++) {
            metrics.sample(counters.nodeExclusions(i), "node", String.valueOf(i));
        }
        metrics.gauge("moraine_node_connected", "Whether there is a connection to a node now.");
        for (int i = 0; i < nodes.size(); i++) {
            metrics.sample(nodes.get(i).isConnected() ? 1 : 0, "node", String.valueOf(i));
        }
    }
}
