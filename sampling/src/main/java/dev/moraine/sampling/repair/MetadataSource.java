package dev.moraine.sampling.repair;

import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.blob.InvalidMetadataException;
import dev.moraine.wire.message.GetMetadata;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gets the metadata of blobs, from the node's own store or from any other node, and checks it against the id. For the
 * thread of the agent.
 */
final class MetadataSource {
    /** Most requests at a time. */
    private static final int MAX_RUNNING = 64;

    private final OwnShards shards;
    private final RepairPeers peers;
    private final RepairSettings settings;
    private final RepairCounters counters;
    private final Consumer<MetadataIntake.Outcome> whenOver;
    private final Map<MissingPair, Integer> asked = new HashMap<>();

    /**
     * Nothing is asked yet.
     *
     * @param shards the node's store and committee
     * @param peers the other nodes
     * @param settings how long they may take
     * @param counters counts lies
     * @param whenOver takes each request when it is over, on an event loop
     */
    MetadataSource(
            OwnShards shards,
            RepairPeers peers,
            RepairSettings settings,
            RepairCounters counters,
            Consumer<MetadataIntake.Outcome> whenOver) {
        this.shards = shards;
        this.peers = peers;
        this.settings = settings;
        this.counters = counters;
        this.whenOver = whenOver;
    }

    boolean hasRoom() {
        return asked.size() < MAX_RUNNING;
    }

    /** The metadata of a pair's blob, if it is known here; it is kept with the pair. */
    @Nullable BlobMetadata known(MissingPair missing) {
        BlobMetadata metadata = missing.metadata();
        if (metadata == null) {
            metadata = shards.store().metadata(missing.blobId());
            if (metadata != null) {
                missing.setMetadata(metadata);
            }
        }
        return metadata;
    }

    /**
     * Asks the first, or the next, of the other nodes.
     *
     * @param missing a pair of the blob
     * @param nowNs now
     * @return false if all were asked
     */
    boolean ask(MissingPair missing, long nowNs) {
        int members = shards.committee().members().size();
        int attempt = asked.getOrDefault(missing, 0);
        // Another node is first for another blob, and those that did well lately are all before the others.
        int first = Math.floorMod(missing.blobId().hashCode(), members);
        for (; attempt < 2 * members; attempt++) {
            int member = (first + attempt) % members;
            boolean isTurn = peers.isAvoided(member, nowNs) == attempt >= members;
            if (member != shards.member() && isTurn) {
                asked.put(missing, attempt + 1);
                peers.connection(member)
                        .request(
                                id -> new GetMetadata(id, missing.blobId().toBytes()),
                                new MetadataIntake(member, missing, whenOver),
                                settings.requestTimeoutNs());
                return true;
            }
        }
        asked.remove(missing);
        return false;
    }

    /**
     * Looks at what came.
     *
     * @param outcome the end of a request
     * @param nowNs now
     * @return whether the metadata is known now; if not, the next node is to be asked
     */
    boolean accept(MetadataIntake.Outcome outcome, long nowNs) {
        byte[] encoded = outcome.metadata();
        switch (outcome.end()) {
            case UNANSWERED -> {
                counters.add(RepairCount.UNANSWERED);
                peers.noteFailure(outcome.member(), nowNs);
            }
            case LIED -> peers.noteLie(outcome.member(), nowNs);
            case ANSWERED, BUSY, REFUSED -> {}
        }
        if (encoded == null) {
            return false;
        }
        counters.add(RepairCount.BYTES_RECEIVED, encoded.length);
        try {
            BlobMetadata metadata =
                    BlobMetadata.decode(encoded, shards.committee().geometry());
            if (metadata.id().equals(outcome.missing().blobId())) {
                outcome.missing().setMetadata(metadata);
                asked.remove(outcome.missing());
                return true;
            }
        } catch (InvalidMetadataException e) {
            // As bad as that of another blob.
        }
        peers.noteLie(outcome.member(), nowNs);
        return false;
    }
}
