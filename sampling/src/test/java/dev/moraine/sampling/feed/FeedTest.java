package dev.moraine.sampling.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.sampling.read.Deadline;
import dev.moraine.sampling.read.FaultKind;
import dev.moraine.sampling.scripted.ScriptedCommittee;
import dev.moraine.storage.store.SliverStore;
import dev.moraine.storage.store.StoreContext;
import dev.moraine.storage.store.StoreException;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.ClientMessage;
import dev.moraine.wire.message.FeedAnswer;
import dev.moraine.wire.message.GetFeed;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.transport.NodeIdentity;
import dev.moraine.wire.transport.PeerChannel;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.PeerServer;
import dev.moraine.wire.transport.ServerLimits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedTest {
    private static final int MEMBER = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static ScriptedCommittee committee;

    private final Random random = Seed.random("FeedTest");

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        committee = ScriptedCommittee.ofShards(new Random(), 4);
    }

    @AfterAll
    static void stop() {
        committee.close();
    }

    /** A node that has nothing but a store and a feed. */
    private final class FeedNode implements AutoCloseable {
        private final SliverStore store;
        private final CertificateFeed feed;
        private final AgentRunner runner;
        private final PeerServer server;
        private final PeerConnection connection;

        FeedNode(CertificateFeed.Limits limits) throws Exception {
            store = SliverStore.open(new StoreContext()
                    .folder(folder.resolve("store"))
                    .deploymentId(committee.committee().deploymentId())
                    .reserveBytes(0)
                    .segmentBytes(64 << 10));
            feed = new CertificateFeed(store.certificates(), SystemNanoClock.INSTANCE, limits);
            runner = new AgentRunner(new SleepingMillisIdleStrategy(1), Throwable::printStackTrace, null, feed);
            AgentRunner.startOnThread(runner);
            server = listen((from, message) -> feed.onRequest(from, (ClientMessage) message));
            connection = connect(server);
        }

        @Override
        public void close() {
            connection.close();
            server.close();
            runner.close();
            store.close();
        }
    }

    private static PeerServer listen(BiFunction<PeerChannel, Message, Boolean> answer) throws Exception {
        return committee.transport().listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new NodeIdentity(committee.committee().deploymentId().toBytes(), MEMBER),
                (from, message) -> assertTrue(answer.apply(from, message)),
                ServerLimits.defaults());
    }

    private static PeerConnection connect(PeerServer server) {
        return committee.transport()
                .connect(server.address(), committee.committee().deploymentId().toBytes(), MEMBER);
    }

    private FeedNode open() throws Exception {
        return new FeedNode(CertificateFeed.Limits.defaults());
    }

    private static FeedReader reader(PeerConnection connection, Collection<Namespace> of, FeedPosition start) {
        return new FeedReader(committee.committee(), connection, MEMBER, of, start);
    }

    private static Deadline deadline() {
        return Deadline.after(SystemNanoClock.INSTANCE, PATIENCE);
    }

    private static Namespace namespace(int number) {
        return Namespace.parse("namespace-" + number);
    }

    private Bundle bundle(int size) {
        List<BundleEntry> entries = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            entries.add(new BundleEntry(
                    new BlobId(Digest.of(Seed.bytes(random, Digest.BYTES))), namespace(i % 3), 1 + i, 90));
        }
        return new Bundle(entries);
    }

    private List<BundleEntry> keep(SliverStore store, int size) throws StoreException {
        Bundle bundle = bundle(size);
        store.appendCertificate(committee.certify(bundle, 1).encode(), bundle.entries());
        store.force();
        return bundle.entries();
    }

    private static FeedResult.Batch batch(FeedReader reader, int maxEntries, Duration wait)
            throws InterruptedException {
        return assertInstanceOf(FeedResult.Batch.class, reader.next(maxEntries, wait, deadline()));
    }

    /** Takes what is there. */
    private List<BundleEntry> catchUp(FeedReader reader) throws InterruptedException {
        List<BundleEntry> seen = new ArrayList<>();
        while (true) {
            FeedResult.Batch batch = batch(reader, 1 + random.nextInt(5), Duration.ZERO);
            if (batch.certificates().isEmpty()) {
                return seen;
            }
            batch.certificates().stream().map(BlobCertificate::entry).forEach(seen::add);
        }
    }

    @Test
    void aClientThatWasAwayCatchesUpWithoutLossAcrossRestartsOfBothSides() throws Exception {
        List<BundleEntry> kept = new ArrayList<>();
        List<BundleEntry> seen = new ArrayList<>();
        List<BundleEntry> seenOfOne = new ArrayList<>();
        FeedPosition position = FeedPosition.START;
        FeedPosition positionOfOne = FeedPosition.START;
        for (int life = 0; life < 3; life++) {
            try (FeedNode node = open()) {
                for (int i = 0; i < 4; i++) {
                    kept.addAll(keep(node.store, 1 + random.nextInt(6)));
                }
                FeedReader reader = reader(node.connection, List.of(), position);
                seen.addAll(catchUp(reader));
                position = reader.position();
                FeedReader ofOne = reader(node.connection, List.of(namespace(1)), positionOfOne);
                seenOfOne.addAll(catchUp(ofOne));
                positionOfOne = ofOne.position();
                kept.addAll(keep(node.store, 2));
            }
        }
        try (FeedNode node = open()) {
            seen.addAll(catchUp(reader(node.connection, List.of(), position)));
            seenOfOne.addAll(catchUp(reader(node.connection, List.of(namespace(1)), positionOfOne)));
        }
        assertEquals(kept, seen);
        assertEquals(kept.stream().filter(one -> one.namespace().equals(namespace(1))).toList(), seenOfOne);
    }

    @Test
    void aRequestWaitsForTheNextCertificateOfItsNamespace() throws Exception {
        try (FeedNode node = open()) {
            FeedReader reader = reader(node.connection, List.of(namespace(2)), FeedPosition.START);
            Thread keeper = Thread.ofVirtual().start(() -> {
                try {
                    while (node.feed.counters().waiting() == 0) {
                        Thread.onSpinWait();
                    }
                    keep(node.store, 1);
                    keep(node.store, 3);
                } catch (StoreException e) {
                    throw new IllegalStateException(e);
                }
            });
            FeedResult.Batch batch = batch(reader, 10, Duration.ofSeconds(25));
            keeper.join();
            assertEquals(1, batch.certificates().size());
            assertEquals(namespace(2), batch.certificates().getFirst().entry().namespace());
        }
    }

    @Test
    void aWaitWithoutNewsEndsEmptyAndHasMovedOn() throws Exception {
        try (FeedNode node = open()) {
            keep(node.store, 2);
            FeedReader reader = reader(node.connection, List.of(namespace(7)), FeedPosition.START);
            FeedResult.Batch batch = batch(reader, 10, Duration.ofMillis(50));
            assertEquals(List.of(), batch.certificates());
            assertEquals(node.store.certificates().end(), batch.position().cursor());
            assertFalse(batch.isRestarted());
        }
    }

    @Test
    void noMoreRequestsWaitThanAreGranted() throws Exception {
        try (FeedNode node = new FeedNode(new CertificateFeed.Limits(8, 2, 10))) {
            List<Thread> waiting = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                FeedReader reader = reader(node.connection, List.of(), FeedPosition.START);
                waiting.add(Thread.ofVirtual().start(() -> {
                    try {
                        batch(reader, 1, Duration.ofSeconds(25));
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }));
            }
            while (node.feed.counters().waiting() < 2) {
                Thread.onSpinWait();
            }
            FeedResult third = reader(node.connection, List.of(), FeedPosition.START)
                    .next(1, Duration.ofSeconds(25), deadline());
            assertEquals(
                    FaultKind.BUSY,
                    assertInstanceOf(FeedResult.Failed.class, third).fault().kind());
            keep(node.store, 1);
            for (Thread thread : waiting) {
                thread.join();
            }
            assertEquals(1, node.feed.counters().putOff());
            assertEquals(2, node.feed.counters().certificates());
        }
    }

    @Test
    void aNodeThatNumbersAnewMakesItsFollowersStartOver() throws Exception {
        List<BundleEntry> kept;
        FeedPosition position;
        try (FeedNode node = open()) {
            kept = keep(node.store, 3);
            FeedReader reader = reader(node.connection, List.of(), FeedPosition.START);
            catchUp(reader);
            position = reader.position();
        }
        Files.delete(folder.resolve("store/index.mdb"));
        try (FeedNode node = open()) {
            FeedReader reader = reader(node.connection, List.of(), position);
            FeedResult.Batch batch = batch(reader, 10, Duration.ZERO);
            assertTrue(batch.isRestarted());
            assertEquals(
                    kept,
                    batch.certificates().stream().map(BlobCertificate::entry).toList());
        }
    }

    /** What a reader makes of an answer to a request from cursor 5 of feed 1 for namespace 0. */
    private FaultKind faultOf(BiFunction<Long, Bundle, FeedAnswer> answer) throws Exception {
        Bundle bundle = bundle(4);
        try (PeerServer liar = listen((from, message) -> {
            GetFeed asked = (GetFeed) message;
            return from.send(answer.apply(asked.requestId(), bundle));
        })) {
            PeerConnection connection = connect(liar);
            FeedReader reader = reader(connection, List.of(namespace(0)), new FeedPosition(1, 5));
            FeedResult result = reader.next(2, Duration.ZERO, deadline());
            assertEquals(new FeedPosition(1, 5), reader.position(), "a lie moves nobody");
            connection.close();
            return assertInstanceOf(FeedResult.Failed.class, result).fault().kind();
        }
    }

    @Test
    void answersThatAreNotTheListAreBlamedAndNotUsed() throws Exception {
        byte[] none = {1, 2, 3};
        assertEquals(FaultKind.WRONG_CERTIFICATE, faultOf((id, _) -> new FeedAnswer(id, 1, 6, List.of(none))));
        assertEquals(FaultKind.MALFORMED, faultOf((id, _) -> new FeedAnswer(id, 1, 4, List.of())));
        assertEquals(
                FaultKind.MALFORMED,
                faultOf((id, bundle) -> new FeedAnswer(id, 1, 5, List.of(certificate(bundle, 0)))));
        assertEquals(
                FaultKind.WRONG_CERTIFICATE,
                faultOf((id, bundle) -> new FeedAnswer(id, 1, 6, List.of(certificate(bundle, 1)))),
                "another namespace");
        assertEquals(
                FaultKind.MALFORMED,
                faultOf((id, bundle) -> new FeedAnswer(
                        id,
                        1,
                        9,
                        List.of(certificate(bundle, 0), certificate(bundle, 0), certificate(bundle, 0)))));
        assertEquals(FaultKind.WRONG_CERTIFICATE, faultOf((id, bundle) -> {
            BlobCertificate good = bundle.blobCertificate(committee.certify(bundle, 1), 0);
            BlobCertificate unsigned = new BlobCertificate(
                    new Certificate(
                            good.certificate().statement(),
                            new byte[] {1},
                            good.certificate().aggregate()),
                    good.entry(),
                    0,
                    good.path());
            return new FeedAnswer(id, 1, 6, List.of(unsigned.encode()));
        }));
        assertEquals(FaultKind.WRONG_CERTIFICATE, faultOf((id, bundle) -> {
            // The second rides on the signatures of the first.
            BlobCertificate good = bundle.blobCertificate(committee.certify(bundle, 1), 0);
            BlobCertificate moved = new BlobCertificate(good.certificate(), good.entry(), 1, good.path());
            return new FeedAnswer(id, 1, 6, List.of(good.encode(), moved.encode()));
        }));
    }

    private static byte[] certificate(Bundle bundle, int index) {
        return bundle.blobCertificate(committee.certify(bundle, 1), index).encode();
    }

    @Test
    void aSilentNodeIsGivenUpAtTheDeadline() throws Exception {
        try (PeerServer silent = listen((from, message) -> true)) {
            PeerConnection connection = connect(silent);
            FeedResult result = reader(connection, List.of(), FeedPosition.START)
                    .next(1, Duration.ZERO, Deadline.after(SystemNanoClock.INSTANCE, Duration.ofMillis(200)));
            assertEquals(
                    FaultKind.NO_ANSWER,
                    assertInstanceOf(FeedResult.Failed.class, result).fault().kind());
            connection.close();
        }
    }
}
