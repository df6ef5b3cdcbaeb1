package dev.moraine.ingest.pipeline;

import dev.moraine.codec.Geometry;
import dev.moraine.ingest.disperse.BodyLimit;
import dev.moraine.ingest.disperse.SliverLayout;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.wire.message.MessageLimits;

/** The ranges of a context's values. */
final class IngestLimits {
    private IngestLimits() {}

    /**
     * Checks everything.
     *
     * @param context the context
     * @throws IllegalArgumentException if a value is missing or out of its range; names field, value and limit
     */
    static void check(IngestContext context) {
        int members = context.committee().members().size();
        if (context.connections().size() != members) {
            throw new IllegalArgumentException("connections must be one for each of the " + members
                    + " members of the committee, but are " + context.connections().size());
        }
        context.writerKey();
        range("ringSlots", context.ringSlots, 2, IngestContext.MAX_RING_SLOTS);
        if (Integer.bitCount(context.ringSlots) != 1) {
            throw new IllegalArgumentException("ringSlots must be a power of two, but is " + context.ringSlots);
        }
        range("encoders", context.encoders, 1, IngestContext.MAX_ENCODERS);
        range("maxBlobBytes", context.maxBlobBytes, 1, Geometry.MAX_BLOB_BYTES);
        range("memoryBudgetBytes", context.memoryBudgetBytes, bytesOfLargestBatch(context), Long.MAX_VALUE);
        range("maxBundleBatches", context.maxBundleBatches, 1, Bundle.MAX_ENTRIES);
        range("maxBundleBytes", context.maxBundleBytes, context.maxBlobBytes, Long.MAX_VALUE);
        long leastBodyBytes =
                new BodyLimit(context.committee(), context.maxNodeBodyBytes).bytesOf(context.maxBlobBytes);
        range("maxNodeBodyBytes", context.maxNodeBodyBytes, leastBodyBytes, Long.MAX_VALUE);
        range("bundlesInFlight", context.bundlesInFlight, 1, IngestContext.MAX_BUNDLES_IN_FLIGHT);
        range("maxUnansweredBatches", context.maxUnansweredBatches, 1, IngestContext.MAX_UNANSWERED_BATCHES);
        range("nodeTimeoutNs", context.nodeTimeoutNs, 1, IngestContext.MAX_TIMEOUT_NS);
        range("tailTimeoutNs", context.tailTimeoutNs, 0, IngestContext.MAX_TIMEOUT_NS);
        range("quorumPatienceNs", context.quorumPatienceNs, 0, IngestContext.MAX_TIMEOUT_NS);
        range("closeTimeoutNs", context.closeTimeoutNs, 0, IngestContext.MAX_TIMEOUT_NS);
        range("sendWindowBytes", context.sendWindowBytes, IngestContext.MIN_SEND_WINDOW_BYTES, Long.MAX_VALUE);
        range("nodeQueueBytes", context.nodeQueueBytes, 0, Long.MAX_VALUE);
        range(
                "certificateCacheEntries",
                context.certificateCacheEntries,
                0,
                IngestContext.MAX_CERTIFICATE_CACHE_ENTRIES);
        range("retryDelayMs", context.retryDelayMs, 1, MessageLimits.MAX_RETRY_DELAY_MS);
    }

    private static long bytesOfLargestBatch(IngestContext context) {
        Geometry geometry = context.committee().geometry();
        SliverLayout largest = new SliverLayout(geometry, geometry.symbolSizeBytes(context.maxBlobBytes));
        return BatchMemory.blockBytes(largest.totalBytes());
    }

    private static void range(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    field + " must be from " + least + " to " + most + ", but is " + value);
        }
    }
}
