package dev.moraine.ingest.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.codec.Geometry;
import dev.moraine.ingest.disperse.FailureReason;
import dev.moraine.ingest.disperse.SliverLayout;
import dev.moraine.ingest.peers.Behaviour;
import dev.moraine.ingest.peers.ScriptedCommittee;
import dev.moraine.proofs.certificate.WriterKey;
import dev.moraine.testing.Seed;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every bound answers at once, and what is in flight at the end is answered too. */
class CapacityTest {
    private static final int BATCH_BYTES = 50_000;

    private final ScriptedCommittee peers = ScriptedCommittee.start(1, 1, 1, 1);
    private final Random random = new Random(3);

    @AfterEach
    void stop() {
        peers.close();
    }

    private long blockBytes() {
        Geometry geometry = peers.committee().geometry();
        return BatchMemory.blockBytes(
                new SliverLayout(geometry, geometry.symbolSizeBytes(BATCH_BYTES)).totalBytes());
    }

    private IngestContext context() {
        return Gateways.context(peers)
                .maxBlobBytes(BATCH_BYTES)
                .nodeTimeoutNs(TimeUnit.SECONDS.toNanos(10));
    }

    private Admission submit(IngestPipeline pipeline, Gatherer gatherer) {
        return pipeline.submit(Seed.bytes(random, BATCH_BYTES), Gateways.NAMESPACE, Gateways.EXPIRY, gatherer);
    }

    private List<Gatherer> submitUntilFull(IngestPipeline pipeline, int limit) {
        List<Gatherer> accepted = new ArrayList<>();
        for (int i = 0; i < limit; i++) {
            Gatherer gatherer = new Gatherer();
            Admission admission = submit(pipeline, gatherer);
            if (!admission.isAccepted()) {
                assertEquals(new Admission(Admission.Verdict.OVER_CAPACITY, 7), admission);
                return accepted;
            }
            accepted.add(gatherer);
        }
        return accepted;
    }

    private void behave(Behaviour behaviour) {
        peers.nodes().forEach(node -> node.behave(behaviour));
    }

    @Test
    void aFullMemoryBudgetTurnsBatchesAwayUntilItIsFreeAgain() {
        behave(Behaviour.SILENT);
        try (IngestPipeline pipeline = IngestPipeline.start(context()
                .memoryBudgetBytes(3 * blockBytes())
                .nodeTimeoutNs(TimeUnit.MILLISECONDS.toNanos(800))
                .retryDelayMs(7))) {
            List<Gatherer> accepted = submitUntilFull(pipeline, 10);
            assertEquals(3, accepted.size());
            assertEquals(3 * blockBytes(), pipeline.leasedBytes());
            accepted.forEach(gatherer ->
                    assertEquals(FailureReason.QUORUM_UNREACHABLE, gatherer.failure().reason()));
            Gateways.await("memory comes back", () -> pipeline.leasedBytes() == 0);
            behave(Behaviour.HONEST);
            Gatherer after = new Gatherer();
            assertTrue(submit(pipeline, after).isAccepted());
            after.certificate();
        }
    }

    @Test
    void aFullRingTurnsBatchesAway() {
        behave(Behaviour.SILENT);
        try (IngestPipeline pipeline = IngestPipeline.start(context()
                .ringSlots(4)
                .bundlesInFlight(1)
                .maxBundleBatches(1)
                .closeTimeoutNs(0)
                .retryDelayMs(7))) {
            List<Gatherer> first = submitUntilFull(pipeline, 1);
            Gateways.await("the first bundle", () -> pipeline.counters().bundles() == 1);
            assertEquals(4, submitUntilFull(pipeline, 10).size());
            assertEquals(1, first.size());
        }
    }

    @Test
    void theNumberOfUnansweredBatchesIsBounded() {
        behave(Behaviour.SILENT);
        try (IngestPipeline pipeline = IngestPipeline.start(
                context().maxUnansweredBatches(5).closeTimeoutNs(0).retryDelayMs(7))) {
            assertEquals(5, submitUntilFull(pipeline, 10).size());
            assertEquals(5, pipeline.unansweredBatches());
        }
    }

    @Test
    void aSilentNodeHoldsBoundedlyManyBundlesOpen() {
        peers.nodes().getFirst().behave(Behaviour.SILENT);
        int bundles = 100;
        try (IngestPipeline pipeline = IngestPipeline.start(context()
                .maxBundleBatches(1)
                .tailTimeoutNs(TimeUnit.SECONDS.toNanos(10))
                .closeTimeoutNs(0))) {
            List<Gatherer> gatherers = new ArrayList<>();
            for (int i = 0; i < bundles; i++) {
                Gatherer gatherer = new Gatherer();
                gatherers.add(gatherer);
                assertTrue(pipeline.submit(new byte[] {(byte) i}, Gateways.NAMESPACE, Gateways.EXPIRY, gatherer)
                        .isAccepted());
            }
            gatherers.forEach(Gatherer::certificate);
            Gateways.await("the oldest are ended", () -> pipeline.counters().tailsCut() == bundles - 64);
        }
    }

    @Test
    void whatASubmitterDidWrongLeavesNothingBehind() {
        MemorySegment closed;
        try (Arena arena = Arena.ofConfined()) {
            closed = arena.allocate(BATCH_BYTES);
        }
        IngestPipeline pipeline = IngestPipeline.start(context());
        assertThrows(
                IllegalStateException.class,
                () -> pipeline.submit(closed, Gateways.NAMESPACE, Gateways.EXPIRY, new Gatherer()));
        assertEquals(0, pipeline.unansweredBatches());
        assertEquals(0, pipeline.leasedBytes());
        pipeline.close();
    }

    @Test
    void aGatewayThatCannotSignItsWriteRightsFailsItsBatches() {
        WriterKey key = WriterKey.generate(new SecureRandom());
        try (IngestPipeline pipeline = IngestPipeline.start(context().writerKey(key))) {
            key.destroy();
            Gatherer gatherer = new Gatherer();
            assertTrue(submit(pipeline, gatherer).isAccepted());
            assertEquals(FailureReason.INTERNAL, gatherer.failure().reason());
            Gateways.await("memory comes back", () -> pipeline.leasedBytes() == 0);
        }
    }

    @Test
    void closingFailsWhatCannotBeFinishedInTimeAndFreesAllMemory() {
        behave(Behaviour.SWALLOWS);
        IngestPipeline pipeline = IngestPipeline.start(context()
                .ringSlots(16)
                .bundlesInFlight(2)
                .maxBundleBatches(2)
                .closeTimeoutNs(TimeUnit.MILLISECONDS.toNanos(50))
                .retryDelayMs(7));
        List<Gatherer> accepted = submitUntilFull(pipeline, 12);
        pipeline.close();
        accepted.forEach(gatherer -> {
            assertEquals(1, gatherer.answers());
            assertEquals(FailureReason.CLOSED, gatherer.failure().reason());
        });
        peers.disconnect();
        Gateways.await("memory comes back", () -> pipeline.leasedBytes() == 0);
        assertEquals(Admission.Verdict.CLOSED, submit(pipeline, new Gatherer()).verdict());
        pipeline.close();
    }

    @Test
    void closingFinishesWhatIsInFlight() {
        IngestPipeline pipeline = IngestPipeline.start(context());
        List<Gatherer> accepted = submitUntilFull(pipeline, 20);
        pipeline.close();
        assertEquals(20, accepted.size());
        accepted.forEach(gatherer -> {
            assertEquals(1, gatherer.answers());
            gatherer.certificate();
        });
        Gateways.await("memory comes back", () -> pipeline.leasedBytes() == 0);
    }
}
