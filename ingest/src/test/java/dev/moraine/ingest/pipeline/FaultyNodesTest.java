package dev.moraine.ingest.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.ingest.disperse.BatchFailure;
import dev.moraine.ingest.disperse.FailureReason;
import dev.moraine.ingest.peers.Behaviour;
import dev.moraine.ingest.peers.ScriptedCommittee;
import dev.moraine.ingest.peers.ScriptedNode;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.RefusalReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** n = 7, f = 2, q = 5, one shard a node. */
class FaultyNodesTest {
    private static final int FAULTY = 2;

    private final ScriptedCommittee peers = ScriptedCommittee.start(1, 1, 1, 1, 1, 1, 1);
    private final Random random = Seed.random("FaultyNodesTest");

    @AfterEach
    void stop() {
        peers.close();
    }

    private IngestPipeline start(long nodeTimeoutMs) {
        return IngestPipeline.start(Gateways.context(peers)
                .nodeTimeoutNs(TimeUnit.MILLISECONDS.toNanos(nodeTimeoutMs))
                .tailTimeoutNs(TimeUnit.MILLISECONDS.toNanos(200))
                .closeTimeoutNs(TimeUnit.MILLISECONDS.toNanos(500)));
    }

    private Gatherer submit(IngestPipeline pipeline, byte[] payload) {
        Gatherer gatherer = new Gatherer();
        assertTrue(pipeline.submit(payload, Gateways.NAMESPACE, Gateways.EXPIRY, gatherer).isAccepted());
        return gatherer;
    }

    private Gatherer submit(IngestPipeline pipeline) {
        return submit(pipeline, Seed.bytes(random, 1 + random.nextInt(20_000)));
    }

    private void behave(int first, int count, Behaviour behaviour) {
        for (ScriptedNode node : peers.nodes().subList(first, first + count)) {
            node.behave(behaviour);
        }
    }

    private void assertValidWithout(BlobCertificate certificate, int faulty) {
        assertEquals(CertificateVerdict.ACCEPT, certificate.verify(peers.committee()));
        certificate.certificate().signers().forEach(signer -> assertTrue(signer >= faulty));
    }

    @ParameterizedTest
    @EnumSource(value = Behaviour.class, mode = EnumSource.Mode.EXCLUDE, names = {"HONEST", "BUSY_ONCE"})
    void anyFNodesMayMisbehave(Behaviour behaviour) {
        behave(0, FAULTY, behaviour);
        try (IngestPipeline pipeline = start(10_000)) {
            for (int i = 0; i < 3; i++) {
                assertValidWithout(submit(pipeline).certificate(), FAULTY);
            }
        }
        assertEquals(List.of(), peers.complaints());
    }

    @ParameterizedTest
    @EnumSource(value = Behaviour.class, mode = EnumSource.Mode.EXCLUDE, names = {"HONEST", "BUSY_ONCE"})
    void oneMoreLeavesNoQuorumAndMemoryComesBack(Behaviour behaviour) {
        behave(0, FAULTY + 1, behaviour);
        IngestPipeline pipeline = start(700);
        Gatherer gatherer = submit(pipeline);
        BatchFailure failure = gatherer.failure();
        FailureReason expected =
                behaviour == Behaviour.REFUSES ? FailureReason.REFUSED : FailureReason.QUORUM_UNREACHABLE;
        assertEquals(expected, failure.reason(), failure.detail());
        Gateways.await("memory comes back", () -> pipeline.leasedBytes() == 0);
        pipeline.close();
        assertEquals(1, pipeline.counters().failed(expected));
    }

    @Test
    void aNodeThatReadsNothingLosesItsConnectionAndHoldsNoMemory() {
        peers.nodes().getFirst().behave(Behaviour.STALLS);
        int moreThanSocketsHold = 16 << 20;
        try (IngestPipeline pipeline = IngestPipeline.start(Gateways.context(peers)
                .maxBlobBytes(moreThanSocketsHold)
                .maxBundleBytes(moreThanSocketsHold)
                .memoryBudgetBytes(256 << 20)
                .nodeTimeoutNs(TimeUnit.SECONDS.toNanos(12))
                .closeTimeoutNs(0)
                .tailTimeoutNs(TimeUnit.MILLISECONDS.toNanos(100)))) {
            assertValidWithout(submit(pipeline, Seed.bytes(random, moreThanSocketsHold)).certificate(), 1);
            Gateways.await("the connection is dropped", () -> pipeline.counters().connectionsReset() == 1);
            Gateways.await("memory comes back", () -> pipeline.leasedBytes() == 0);
        }
    }

    @Test
    void whoSignsBadlyIsCountedByNode() {
        peers.nodes().get(0).behave(Behaviour.SIGNS_GARBAGE);
        peers.nodes().get(1).behave(Behaviour.SIGNS_ANOTHER_ROOT);
        try (IngestPipeline pipeline = start(10_000)) {
            submit(pipeline).certificate();
            Gateways.await("garbage counted", () -> pipeline.counters().badSignatures(0) == 1);
            assertEquals(0, pipeline.counters().badSignatures(2));
        }
    }

    @Test
    void busyNodesAreAskedOnceMoreAfterTheirDelay() {
        behave(0, 7, Behaviour.BUSY_ONCE);
        try (IngestPipeline pipeline = start(10_000)) {
            assertValidWithout(submit(pipeline).certificate(), 0);
            assertTrue(pipeline.counters().busy() >= 5);
        }
        peers.nodes().forEach(node -> assertEquals(2, node.offers().size()));
    }

    @Test
    void busyNodesAreAskedUntilTheyHaveRoom() {
        AtomicInteger offers = new AtomicInteger();
        for (ScriptedNode node : peers.nodes().subList(0, FAULTY + 1)) {
            node.behave(bundle -> offers.incrementAndGet() <= 20 ? Behaviour.BUSY : Behaviour.HONEST);
        }
        behave(FAULTY + 1, FAULTY, Behaviour.SILENT);
        try (IngestPipeline pipeline = start(10_000)) {
            submit(pipeline).certificate();
            assertEquals(20, pipeline.counters().busy());
            assertEquals(0, pipeline.counters().nodeExclusions(0), "a busy node is not a faulty one");
        }
    }

    @Test
    void aNodeThatFailedIsLeftOutAndLetInAgainWhenItIsWell() {
        ScriptedNode node = peers.nodes().getFirst();
        node.behave(Behaviour.SILENT);
        try (IngestPipeline pipeline = start(10_000)) {
            submit(pipeline).certificate();
            Gateways.await("it is left out", () -> pipeline.counters().nodeExclusions(0) == 1);
            int offers = node.offers().size();
            submit(pipeline).certificate();
            assertEquals(offers, node.offers().size());
            assertEquals(1, pipeline.counters().nodeSkips(0));
            node.behave(Behaviour.HONEST);
            Gateways.await("it is let in again", () -> {
                submit(pipeline).certificate();
                return node.stored().size() >= 3;
            });
            assertEquals(0, pipeline.counters().nodeExclusions(1));
        }
    }

    @Test
    void aNodeThatLiesIsTriedAgainButNeverTrusted() {
        peers.nodes().getFirst().behave(Behaviour.SIGNS_ANOTHER_ROOT);
        // With so many silent ones the liar's signature is needed for a quorum, so that it is looked at.
        behave(1, FAULTY - 1, Behaviour.SILENT);
        try (IngestPipeline pipeline = start(10_000)) {
            Gateways.await("it is found out twice", () -> {
                assertValidWithout(submit(pipeline).certificate(), FAULTY);
                return pipeline.counters().badSignatures(0) >= 2;
            });
            assertEquals(1, pipeline.counters().nodeExclusions(0));
        }
    }

    @Test
    void nodesThatComeBackWithinThePatienceMakeTheQuorum() {
        AtomicInteger offers = new AtomicInteger();
        for (ScriptedNode node : peers.nodes()) {
            node.behave(bundle -> offers.incrementAndGet() <= 7 ? Behaviour.DISCONNECTS : Behaviour.HONEST);
        }
        try (IngestPipeline pipeline = start(10_000)) {
            assertValidWithout(submit(pipeline).certificate(), 0);
        }
    }

    @Test
    void aNodeThatIsOwedTooMuchIsDroppedToRepair() {
        peers.nodes().getFirst().behave(Behaviour.SILENT);
        try (IngestPipeline pipeline = IngestPipeline.start(Gateways.context(peers)
                .bundlesInFlight(1)
                .nodeQueueBytes(100_000)
                .tailTimeoutNs(TimeUnit.SECONDS.toNanos(10))
                .closeTimeoutNs(0))) {
            for (int i = 0; i < 30; i++) {
                submit(pipeline, Seed.bytes(random, 60_000)).certificate();
            }
            Gateways.await("the oldest are dropped", () -> pipeline.counters().nodeDrops(0) >= 20);
            Gateways.await("memory comes back", () -> pipeline.leasedBytes() < 4_000_000);
            assertEquals(0, pipeline.counters().nodeDrops(1));
        }
    }

    @Test
    void aDelayBeyondTheDeadlineIsNotWaitedFor() {
        behave(0, FAULTY + 1, Behaviour.BUSY_ONCE);
        peers.nodes().forEach(node -> node.busyDelayMs(60_000));
        try (IngestPipeline pipeline = start(10_000)) {
            assertEquals(FailureReason.QUORUM_UNREACHABLE, submit(pipeline).failure().reason());
        }
    }

    @Test
    void aRefusedBatchFailsWithItsReasonAndItsNeighboursAreBundledAnew() {
        for (ScriptedNode node : peers.nodes()) {
            node.refuse(entry -> entry.lengthBytes() == 77, RefusalReason.OVER_QUOTA);
        }
        try (IngestPipeline pipeline = start(10_000)) {
            List<Gatherer> good = new ArrayList<>();
            List<Gatherer> bad = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                bad.add(submit(pipeline, Seed.bytes(random, 77)));
                good.add(submit(pipeline, Seed.bytes(random, 100 + i)));
            }
            good.forEach(gatherer -> assertValidWithout(gatherer.certificate(), 0));
            for (Gatherer gatherer : bad) {
                assertEquals(FailureReason.REFUSED, gatherer.failure().reason());
                assertEquals(RefusalReason.OVER_QUOTA, gatherer.failure().refusal());
            }
            assertEquals(30, pipeline.counters().failed(FailureReason.REFUSED));
        }
        assertEquals(List.of(), peers.complaints());
    }

    @Test
    void batchesThatDifferentNodesRefuseDoNotDragEachOtherDown() {
        // Three nodes refuse one batch each: the bundle of all three has no quorum, but each batch alone has one.
        for (int node = 0; node < 3; node++) {
            int refusedBytes = 1000 + node;
            peers.nodes().get(node).refuse(
                    entry -> entry.lengthBytes() == refusedBytes, RefusalReason.NAMESPACE_NOT_GRANTED);
        }
        try (IngestPipeline pipeline = IngestPipeline.start(Gateways.context(peers).bundlesInFlight(1))) {
            List<Gatherer> gatherers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                gatherers.add(submit(pipeline, Seed.bytes(random, 1000 + i % 4)));
            }
            gatherers.forEach(gatherer -> assertValidWithout(gatherer.certificate(), 0));
            assertTrue(pipeline.counters().bundledBatches() > 40, "no bundle was taken apart");
        }
        assertEquals(List.of(), peers.complaints());
    }

    @Test
    void aNodeThatAnswersLateStillGetsItsSliversAndEveryCertificate() {
        ScriptedNode late = peers.nodes().getFirst();
        late.behave(Behaviour.BUSY_ONCE);
        late.busyDelayMs(100);
        try (IngestPipeline pipeline = start(10_000)) {
            submit(pipeline).certificate();
            Gateways.await("certificate", () -> late.certificates().size() == 1);
            Gateways.await("slivers", () -> late.stored().size() == 1);
            assertFalse(pipeline.counters().certificatesKept() == 0);
        }
    }
}
