package dev.moraine.ingest.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.junit.jupiter.api.Test;

class RandomFaultsTest {
    private static final List<Behaviour> FAULTS = List.of(
            Behaviour.SILENT,
            Behaviour.SWALLOWS,
            Behaviour.REFUSES,
            Behaviour.SIGNS_GARBAGE,
            Behaviour.SIGNS_ANOTHER_ROOT,
            Behaviour.DISCONNECTS,
            Behaviour.DISCONNECTS_IN_BODIES,
            Behaviour.BUSY_ONCE,
            Behaviour.BUSY,
            Behaviour.WANTS_TOO_MUCH,
            Behaviour.REFUSES_TOO_MUCH,
            Behaviour.FAILS,
            Behaviour.ANSWERS_NONSENSE);

    /** n = 9, f = 2, q = 7; nodes of two shards and of one. */
    private final ScriptedCommittee peers = ScriptedCommittee.start(2, 1, 1, 2, 1, 1, 1);

    @Test
    void everyBatchGetsExactlyOneAnswerWhateverTheNodesDo() {
        Random random = Seed.random("RandomFaultsTest");
        for (ScriptedNode node : peers.nodes()) {
            Random ofNode = new Random(random.nextLong());
            node.refuse(entry -> entry.lengthBytes() % 5 == 0, RefusalReason.OVER_QUOTA);
            node.behave(bundle -> ofNode.nextInt(4) == 0
                    ? FAULTS.get(ofNode.nextInt(FAULTS.size()))
                    : Behaviour.HONEST);
        }
        IngestPipeline pipeline = IngestPipeline.start(Gateways.context(peers)
                .nodeTimeoutNs(TimeUnit.MILLISECONDS.toNanos(400))
                .tailTimeoutNs(TimeUnit.MILLISECONDS.toNanos(100))
                .maxBundleBatches(8));
        List<byte[]> payloads = new ArrayList<>();
        List<Gatherer> gatherers = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            boolean repeated = i > 0 && random.nextInt(8) == 0;
            payloads.add(repeated
                    ? payloads.get(random.nextInt(i))
                    : Seed.bytes(random, 1 + random.nextInt(random.nextInt(10) == 0 ? 200_000 : 5_000)));
            gatherers.add(new Gatherer());
            assertTrue(pipeline.submit(payloads.getLast(), Gateways.NAMESPACE, Gateways.EXPIRY, gatherers.getLast())
                    .isAccepted());
        }
        int certified = 0;
        for (Gatherer gatherer : gatherers) {
            Object answer = gatherer.answer();
            assertNotNull(answer);
            if (answer instanceof BlobCertificate certificate) {
                assertEquals(CertificateVerdict.ACCEPT, certificate.verify(peers.committee()));
                certified++;
            }
        }
        pipeline.close();
        assertEquals(List.of(), peers.complaints());
        assertEquals(certified, pipeline.counters().certified());
        assertEquals(150, pipeline.counters().accepted());
        assertEquals(0, pipeline.unansweredBatches());
        gatherers.forEach(gatherer -> assertEquals(1, gatherer.answers()));
        peers.disconnect();
        Gateways.await("memory comes back", () -> pipeline.leasedBytes() == 0);
        peers.close();
    }
}
