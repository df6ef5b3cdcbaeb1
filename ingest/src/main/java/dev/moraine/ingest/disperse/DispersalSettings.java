package dev.moraine.ingest.disperse;

import dev.moraine.ingest.journal.CertificateJournal;
import dev.moraine.proofs.certificate.WriterKey;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.wire.transport.PeerConnection;
import java.util.List;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * What the dispersal works with; the pipeline's context has checked every value.
 *
 * @param committee who stores and signs
 * @param writerKey signs the write rights
 * @param connections one for each member, in the committee's order
 * @param bundlesInFlight bundles that may wait for their quorum at a time, at least 1
 * @param maxBundleBatches most batches in a bundle, from 1 to 4,096
 * @param maxBundleBytes most blob bytes in a bundle, at least as many as the longest batch has
 * @param maxNodeBodyBytes most memory that the bodies of a bundle take at the node with the most shards
 * @param nodeTimeoutNs how long a node may take from the offer to its signature
 * @param tailTimeoutNs how long the other nodes may take after the quorum
 * @param quorumPatienceNs how long a bundle that lacks a quorum asks nodes again that could not be reached
 * @param nodeQueueBytes most bytes of slivers that certified bundles still owe to one node
 * @param sendWindowBytes most bytes of slivers that wait in a connection, at least one frame
 * @param certificates those of batches that are posted again
 * @param journal keeps certificates before they are handed out, if there is one
 * @param epochClock gives the epoch of a statement
 * @param nanoClock gives deadlines
 * @param counters what is counted
 */
public record DispersalSettings(
        Committee committee,
        WriterKey writerKey,
        List<PeerConnection> connections,
        int bundlesInFlight,
        int maxBundleBatches,
        long maxBundleBytes,
        long maxNodeBodyBytes,
        long nodeTimeoutNs,
        long tailTimeoutNs,
        long quorumPatienceNs,
        long nodeQueueBytes,
        long sendWindowBytes,
        CertificateCache certificates,
        @Nullable CertificateJournal journal,
        EpochClock epochClock,
        NanoClock nanoClock,
        IngestCounters counters) {
    /** Keeps the list from being changed. */
    public DispersalSettings {
        connections = List.copyOf(connections);
    }
}
