package dev.moraine.ingest.pipeline;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.codec.Geometry;
import dev.moraine.ingest.disperse.BodyLimit;
import dev.moraine.ingest.disperse.SliverLayout;
import dev.moraine.ingest.peers.ScriptedCommittee;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Every limit of the configuration holds at the limit, and names itself one past it. */
class IngestContextTest {
    private static final ScriptedCommittee PEERS = ScriptedCommittee.start(1, 1, 1, 1);
    private static final long BLOB_BYTES = 1 << 20;

    @AfterAll
    static void stop() {
        PEERS.close();
    }

    private static IngestContext context() {
        return Gateways.context(PEERS).maxBlobBytes(BLOB_BYTES);
    }

    private static void holdsBetween(String field, long least, long most, LongFunction<IngestContext> with) {
        LongConsumer fails = value -> {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> with.apply(value).conclude());
            String message = String.valueOf(refused.getMessage());
            assertTrue(message.contains(field) && message.contains(Long.toString(value)), message);
        };
        assertDoesNotThrow(() -> with.apply(least).conclude());
        assertDoesNotThrow(() -> with.apply(most).conclude());
        fails.accept(least - 1);
        if (most < Long.MAX_VALUE) {
            fails.accept(most + 1);
        }
    }

    @Test
    void everyLimitHolds() {
        holdsBetween("encoders", 1, 256, value -> context().encoders((int) value));
        holdsBetween("maxBundleBatches", 1, 4096, value -> context().maxBundleBatches((int) value));
        holdsBetween("maxBundleBytes", BLOB_BYTES, Long.MAX_VALUE, value -> context().maxBundleBytes(value));
        holdsBetween("bundlesInFlight", 1, 64, value -> context().bundlesInFlight((int) value));
        holdsBetween("maxUnansweredBatches", 1, 1 << 24, value -> context().maxUnansweredBatches((int) value));
        holdsBetween("nodeTimeoutNs", 1, IngestContext.MAX_TIMEOUT_NS, value -> context().nodeTimeoutNs(value));
        holdsBetween("tailTimeoutNs", 0, IngestContext.MAX_TIMEOUT_NS, value -> context().tailTimeoutNs(value));
        holdsBetween("closeTimeoutNs", 0, IngestContext.MAX_TIMEOUT_NS, value -> context().closeTimeoutNs(value));
        holdsBetween("sendWindowBytes", 1 << 20, Long.MAX_VALUE, value -> context().sendWindowBytes(value));
        holdsBetween("quorumPatienceNs", 0, IngestContext.MAX_TIMEOUT_NS, value -> context().quorumPatienceNs(value));
        holdsBetween("nodeQueueBytes", 0, Long.MAX_VALUE, value -> context().nodeQueueBytes(value));
        holdsBetween("certificateCacheEntries", 0, 1 << 20, value -> context().certificateCacheEntries((int) value));
        holdsBetween("retryDelayMs", 1, 60_000, value -> context().retryDelayMs((int) value));
        holdsBetween("maxBlobBytes", 1, Geometry.MAX_BLOB_BYTES, value -> context()
                .maxBlobBytes(value)
                .maxBundleBytes(Geometry.MAX_BLOB_BYTES)
                .maxNodeBodyBytes(Long.MAX_VALUE)
                .memoryBudgetBytes(Long.MAX_VALUE));
    }

    @Test
    void theRingIsAPowerOfTwo() {
        assertDoesNotThrow(() -> context().ringSlots(2).conclude());
        assertDoesNotThrow(() -> context().ringSlots(1 << 20).conclude());
        for (int slots : new int[] {0, 1, 3, 1 << 21}) {
            assertThrows(IllegalArgumentException.class, () -> context().ringSlots(slots).conclude());
        }
    }

    @Test
    void theBudgetHoldsTheLongestBatch() {
        Geometry geometry = PEERS.committee().geometry();
        long needed = BatchMemory.blockBytes(
                new SliverLayout(geometry, geometry.symbolSizeBytes(BLOB_BYTES)).totalBytes());
        holdsBetween("memoryBudgetBytes", needed, Long.MAX_VALUE, value -> context().memoryBudgetBytes(value));
    }

    @Test
    void theNodesTakeTheLongestBatch() {
        long needed = new BodyLimit(PEERS.committee(), 0).bytesOf(BLOB_BYTES);
        holdsBetween("maxNodeBodyBytes", needed, Long.MAX_VALUE, value -> context().maxNodeBodyBytes(value));
    }

    @Test
    void committeeKeyAndOneConnectionForEachMemberAreNeeded() {
        assertThrows(IllegalArgumentException.class, () -> new IngestContext().conclude());
        assertThrows(
                IllegalArgumentException.class,
                () -> new IngestContext().committee(PEERS.committee()).connections(PEERS.connections()).conclude());
        assertThrows(IllegalArgumentException.class, () -> context()
                .connections(List.of(PEERS.connections().getFirst()))
                .conclude());
    }
}
