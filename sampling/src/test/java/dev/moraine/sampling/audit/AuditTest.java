package dev.moraine.sampling.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.AvailabilityVerdict;
import dev.moraine.proofs.certificate.AvailabilityVerdict.Outcome;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.proofs.certificate.SignedVerdict;
import dev.moraine.sampling.read.Deadline;
import dev.moraine.sampling.scripted.Behaviour;
import dev.moraine.sampling.scripted.ScriptedBlob;
import dev.moraine.sampling.scripted.ScriptedCommittee;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.ClientMessage;
import dev.moraine.wire.message.GetVerdict;
import dev.moraine.wire.message.VerdictAnswer;
import dev.moraine.wire.message.VerdictState;
import dev.moraine.wire.transport.NodeIdentity;
import dev.moraine.wire.transport.PeerChannel;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.PeerServer;
import dev.moraine.wire.transport.ServerLimits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditTest {
    private static final int SHARDS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static ScriptedCommittee committee;
    private static final List<VerdictNode> NODES = new ArrayList<>();

    private final Random random = Seed.random("AuditTest");

    /** A member that gives verdicts, beside the scripted member that gives slivers. */
    private static final class VerdictNode {
        private final int member;
        private final AtomicInteger reads = new AtomicInteger();
        private final VerdictAgent agent;
        private final AgentRunner runner;
        private final PeerServer server;
        private final PeerConnection connection;
        private volatile boolean isLying;

        VerdictNode(int member) throws Exception {
            this.member = member;
            CommitteeReads whole = new CommitteeReads(
                    committee.reader(Duration.ofMillis(50)).conclude());
            agent = new VerdictAgent(
                    (blobId, timeout) -> {
                        reads.incrementAndGet();
                        return whole.read(blobId, timeout);
                    },
                    _ -> true,
                    committee.committee().deploymentId(),
                    committee.secret(member),
                    SystemNanoClock.INSTANCE,
                    new AuditSettings(1, 64 << 20, 16, 64, Duration.ofSeconds(20), Duration.ofMillis(20)),
                    () -> {});
            runner = new AgentRunner(new SleepingMillisIdleStrategy(1), Throwable::printStackTrace, null, agent);
            AgentRunner.startOnThread(runner);
            byte[] deploymentId = committee.committee().deploymentId().toBytes();
            server = committee.transport().listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    new NodeIdentity(deploymentId, member),
                    (from, message) -> onMessage(from, (ClientMessage) message),
                    ServerLimits.defaults());
            connection = committee.transport().connect(server.address(), deploymentId, member);
        }

        private void onMessage(PeerChannel from, ClientMessage message) {
            if (!isLying) {
                assertTrue(agent.onRequest(from, message));
                return;
            }
            // Signs the wrong verdict, which verifies as this member's.
            BlobId blobId = BlobId.of(((GetVerdict) message).blobId());
            AvailabilityVerdict verdict = new AvailabilityVerdict(
                    Outcome.WRONG, committee.committee().deploymentId(), blobId);
            from.send(new VerdictAnswer(
                    message.requestId(),
                    VerdictState.WRONG,
                    committee.secret(member).sign(verdict.encode()).encode()));
        }
    }

    @BeforeAll
    static void start() throws Exception {
        committee = ScriptedCommittee.ofShards(new Random(), SHARDS);
        for (int member = 0; member < SHARDS; member++) {
            NODES.add(new VerdictNode(member));
        }
    }

    @AfterAll
    static void stop() {
        NODES.forEach(node -> node.runner.close());
        committee.close();
    }

    @BeforeEach
    void behave() {
        committee.behave(Behaviour.HONEST);
        NODES.forEach(node -> {
            node.isLying = false;
            node.reads.set(0);
        });
    }

    private static AuditReport audit(BlobId blobId, Duration patience) throws InterruptedException {
        List<PeerConnection> connections =
                NODES.stream().map(node -> node.connection).toList();
        return new AuditClient(committee.committee(), connections, SystemNanoClock.INSTANCE)
                .audit(blobId, Deadline.after(SystemNanoClock.INSTANCE, patience));
    }

    private static void assertBinding(AuditOutcome expected, AuditReport report) {
        assertEquals(expected, report.outcome(), report::toString);
        SignedVerdict verdict = assertNotNull(report);
        assertEquals(CertificateVerdict.ACCEPT, verdict.verify(committee.committee()));
        assertEquals(
                CertificateVerdict.ACCEPT, SignedVerdict.verify(verdict.encode(), committee.committee()));
    }

    private static SignedVerdict assertNotNull(AuditReport report) {
        SignedVerdict verdict = report.verdict();
        if (verdict == null) {
            throw new AssertionError("no verdict: " + report);
        }
        return verdict;
    }

    private AuditReport auditOf(ScriptedBlob blob) throws InterruptedException {
        committee.hold(blob);
        return audit(blob.id(), PATIENCE);
    }

    @Test
    void rightEncodingsAreWhole() throws Exception {
        for (int lengthBytes : new int[] {1, 100, 10_000}) {
            AuditReport report = auditOf(ScriptedBlob.random(random, SHARDS, lengthBytes));
            assertBinding(AuditOutcome.WHOLE, report);
            assertEquals(0, report.wrongWeight());
        }
    }

    @Test
    void everySingleWrongSymbolIsWrongAndNeverWhole() throws Exception {
        for (int row = 0; row < SHARDS; row++) {
            for (int column = 0; column < SHARDS; column++) {
                AuditReport report = auditOf(ScriptedBlob.withWrongSymbol(random, SHARDS, 500, row, column));
                assertBinding(AuditOutcome.WRONG, report);
                assertEquals(0, report.wholeWeight());
            }
        }
    }

    @Test
    void foreignRowsAndPaddingAreWrong() throws Exception {
        for (int row = 0; row < SHARDS; row++) {
            assertBinding(AuditOutcome.WRONG, auditOf(ScriptedBlob.withForeignRow(random, SHARDS, 500, row)));
        }
        assertBinding(AuditOutcome.WRONG, auditOf(ScriptedBlob.withPadding(random, SHARDS, 500)));
    }

    @Test
    void sampledWrongSymbolsOfSevenShardsAreFound() throws Exception {
        try (ScriptedCommittee seven = ScriptedCommittee.ofShards(random, 7)) {
            CommitteeReads reads = new CommitteeReads(seven.reader(PATIENCE).conclude());
            for (int i = 0; i < 5; i++) {
                ScriptedBlob wrong = seven.hold(
                        ScriptedBlob.withWrongSymbol(random, 7, 700, random.nextInt(7), random.nextInt(7)));
                assertEquals(
                        Optional.of(Outcome.WRONG), reads.read(wrong.id(), PATIENCE).outcome());
                ScriptedBlob good = seven.hold(ScriptedBlob.random(random, 7, 700));
                assertEquals(
                        Optional.of(Outcome.WHOLE), reads.read(good.id(), PATIENCE).outcome());
            }
        }
    }

    @Test
    void unavailableBlobsAreNeither() throws Exception {
        ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, SHARDS, 1_000));
        committee.members().forEach(member -> member.holdSlivers(_ -> false));
        AuditReport report = audit(blob.id(), Duration.ofMillis(700));
        assertEquals(AuditOutcome.NOT_YET, report.outcome());
        assertNull(report.verdict());
        assertEquals(0, report.wholeWeight() + report.wrongWeight());
        committee.members().forEach(member -> member.holdSlivers(_ -> true));
        assertBinding(AuditOutcome.WHOLE, audit(blob.id(), PATIENCE));
    }

    @Test
    void aLyingMemberAloneNeverBinds() throws Exception {
        NODES.get(2).isLying = true;
        ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, SHARDS, 1_000));
        committee.members().forEach(member -> member.holdSlivers(_ -> false));
        AuditReport alone = audit(blob.id(), Duration.ofMillis(700));
        assertEquals(AuditOutcome.NOT_YET, alone.outcome());
        assertEquals(1, alone.wrongWeight());
        committee.members().forEach(member -> member.holdSlivers(_ -> true));
        assertBinding(AuditOutcome.WHOLE, audit(blob.id(), PATIENCE));
    }

    @Test
    void aSignatureOfAnotherMemberOrBlobCountsForNothing() {
        ScriptedBlob blob = ScriptedBlob.random(random, SHARDS, 10);
        byte[] good = new AvailabilityVerdict(Outcome.WHOLE, committee.committee().deploymentId(), blob.id()).encode();
        byte[] other = new AvailabilityVerdict(
                        Outcome.WHOLE,
                        committee.committee().deploymentId(),
                        ScriptedBlob.random(random, SHARDS, 10).id())
                .encode();
        VerdictTally tally = new VerdictTally(committee.committee(), blob.id());
        tally.add(reply(0, VerdictState.WHOLE, committee.secret(1).sign(good).encode()));
        tally.add(reply(1, VerdictState.WHOLE, committee.secret(1).sign(other).encode()));
        tally.add(reply(2, VerdictState.WRONG, committee.secret(2).sign(good).encode()));
        tally.add(reply(3, VerdictState.WHOLE, new byte[96]));
        assertEquals(AuditOutcome.NOT_YET, tally.report().outcome());
        assertEquals(0, tally.report().wholeWeight() + tally.report().wrongWeight());
        assertEquals(4, tally.report().blame().liars().size());
        assertTrue(tally.isHopeless());
    }

    private static VerdictRequest.Reply reply(int member, VerdictState state, byte[] signature) {
        return new VerdictRequest.Reply(member, new VerdictAnswer(1, state, signature), null, "", 0);
    }

    @Test
    void aBlobIsReadOnceForAnyNumberOfAskers() throws Exception {
        ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, SHARDS, 20_000));
        List<Thread> askers = new ArrayList<>();
        AtomicInteger whole = new AtomicInteger();
        for (int i = 0; i < 8; i++) {
            askers.add(Thread.ofVirtual().start(() -> {
                try {
                    if (audit(blob.id(), PATIENCE).outcome() == AuditOutcome.WHOLE) {
                        whole.incrementAndGet();
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (Thread asker : askers) {
            asker.join();
        }
        assertEquals(8, whole.get());
        assertEquals(AuditOutcome.WHOLE, audit(blob.id(), PATIENCE).outcome());
        for (VerdictNode node : NODES) {
            assertTrue(node.reads.get() <= 1, "a node read " + node.reads.get() + " times");
        }
    }
}
