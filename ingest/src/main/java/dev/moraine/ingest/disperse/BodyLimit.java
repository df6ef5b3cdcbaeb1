package dev.moraine.ingest.disperse;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.committee.Committee;

/**
 * How much memory the bodies of a bundle may take at a node, which refuses bundles that take more. The node with the most
 * shards takes the most.
 *
 * <p>Immutable and thread-safe.
 */
public final class BodyLimit {
    private final Geometry geometry;
    private final int mostShards;
    private final long maxBytes;

    /**
     * The limit of a committee's nodes.
     *
     * @param committee the nodes
     * @param maxBytes what each of them grants to one bundle
     */
    public BodyLimit(Committee committee, long maxBytes) {
        this.geometry = committee.geometry();
        this.maxBytes = maxBytes;
        int most = 0;
        for (int member = 0; member < committee.members().size(); member++) {
            most = Math.max(most, committee.weight(member));
        }
        this.mostShards = most;
    }

    /**
     * What a blob takes at the node with the most shards.
     *
     * @param lengthBytes the blob's length
     * @return bytes, with every part aligned as the nodes do it
     */
    public long bytesOf(long lengthBytes) {
        SliverLayout layout = new SliverLayout(geometry, geometry.symbolSizeBytes(lengthBytes));
        long alignment = Geometry.SYMBOL_ALIGNMENT_BYTES;
        long metadataBytes = Math.ceilDiv(layout.metadataBytes(), alignment) * alignment;
        return layout.nodeBytes(mostShards) - layout.metadataBytes() + metadataBytes;
    }

    /** {@return the most that a bundle may take} */
    long maxBytes() {
        return maxBytes;
    }
}
