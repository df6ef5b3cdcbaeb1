package dev.moraine.node.genesis;

import dev.moraine.proofs.certificate.Namespace;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a new network is to be like. Immutable.
 *
 * @param shards shards of the committee
 * @param host where all nodes are, a name or address
 * @param ports the port of every node, so many as there are nodes
 * @param httpPort the gateway's port for HTTP, 0 for any free one
 * @param altDaPort the gateway's port for the OP Stack's interface, 0 for any free one
 * @param genesisTimeSeconds when epoch 0 begins, in seconds since 1970
 * @param epochSeconds how long an epoch lasts
 * @param retentionEpochs how many epochs a blob may be kept
 * @param namespaces what the gateway may write, or null for anything
 * @param quotaBytes what the gateway may hold at once, in the whole committee
 * @param isEncrypted whether every process gets a certificate, and connections to nodes are encrypted
 */
public record NetworkPlan(
        int shards,
        String host,
        List<Integer> ports,
        int httpPort,
        int altDaPort,
        long genesisTimeSeconds,
        long epochSeconds,
        long retentionEpochs,
        @Nullable Set<Namespace> namespaces,
        long quotaBytes,
        boolean isEncrypted) {
    /** Copies the lists. */
    public NetworkPlan {
        ports = List.copyOf(ports);
        namespaces = namespaces == null ? null : Set.copyOf(namespaces);
    }

    /**
     * How many nodes there are.
     *
     * @return the count
     */
    public int nodes() {
        return ports.size();
    }

    /**
     * The first shard of a node; shards are shared out as evenly as can be.
     *
     * @param node its place, from 0 to the number of nodes, which gives the number of shards
     * @return the shard
     */
    public int firstShard(int node) {
        return (int) ((long) node * shards / nodes());
    }
}
