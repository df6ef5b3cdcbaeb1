package dev.moraine.node.http.door;

import dev.moraine.node.http.MetricsText;
import dev.moraine.node.storagenode.NodeCounters;
import dev.moraine.node.storagenode.NodeEvent;
import dev.moraine.node.storagenode.StorageNode;
import dev.moraine.node.storagenode.UploadVerdict;
import dev.moraine.sampling.serve.ReadCounters;
import dev.moraine.storage.store.StoreHealth;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.RefusalReason;
import java.util.Map;

/** The measurements of a storage node. */
final class NodeMetrics implements MetricsText.Source {
    private final StorageNode node;
    private final MetricsText.Source connections;

    /**
     * The measurements of one node.
     *
     * @param node the node
     */
    NodeMetrics(StorageNode node) {
        this.node = node;
        this.connections = CommonMetrics.transport(() -> Map.of("clients", node.transportCounters()));
    }

    @Override
    public void write(MetricsText metrics) {
        NodeCounters counters = node.counters();
        metrics.counter("moraine_node_events_total", "What a storage node did with bundles and certificates, by event.");
        for (NodeEvent event : NodeEvent.values()) {
            metrics.sample(counters.count(event), "event", CommonMetrics.label(event));
        }
        metrics.counter("moraine_node_failures_total", "Requests of writers that failed, by reason.");
        for (FailureCode code : FailureCode.values()) {
            metrics.sample(counters.count(code), "reason", CommonMetrics.label(code));
        }
        metrics.counter("moraine_node_refused_entries_total", "Entries of bundles that were refused, by reason.");
        for (RefusalReason reason : RefusalReason.values()) {
            metrics.sample(counters.count(reason), "reason", CommonMetrics.label(reason));
        }
        metrics.counter("moraine_node_upload_pieces_total", "Pieces of bodies that came, by what became of them.");
        for (UploadVerdict verdict : UploadVerdict.values()) {
            metrics.sample(counters.count(verdict), "verdict", CommonMetrics.label(verdict));
        }
        metrics.gauge("moraine_node_reserved_bytes", "Memory that bodies of bundles hold.").sample(node.reservedBytes());
        writeReads(metrics);
        writeStore(metrics);
        connections.write(metrics);
    }

    private void writeReads(MetricsText metrics) {
        ReadCounters reads = node.readCounters();
        metrics.counter("moraine_read_answered_total", "Read requests that were answered.").sample(reads.answered());
        metrics.counter("moraine_read_put_off_total", "Read requests that there was no room for.").sample(reads.putOff());
        metrics.counter("moraine_read_abandoned_total", "Answers that were given up because their peer was gone.")
                .sample(reads.abandoned());
        metrics.counter("moraine_read_failures_total", "Read requests that failed, by reason.");
        for (FailureCode code : FailureCode.values()) {
            metrics.sample(reads.failures(code), "reason", CommonMetrics.label(code));
        }
    }

    private void writeStore(MetricsText metrics) {
        StoreHealth health = node.storeHealth();
        metrics.gauge("moraine_store_writable", "Whether the store can be written.")
                .sample(health.state() == StoreHealth.State.OK ? 1 : 0);
        metrics.gauge("moraine_store_pairs", "Sliver pairs in the store.").sample(health.pairs());
        metrics.gauge("moraine_store_certificates", "Certificates in the store.").sample(health.certificates());
        metrics.gauge("moraine_store_bytes", "Length of all records of the store.").sample(health.bytes());
        metrics.gauge("moraine_store_quarantined", "Damaged records that were found.").sample(health.quarantined());
        metrics.gauge("moraine_store_segments", "Segment files.").sample(health.segments());
    }
}
