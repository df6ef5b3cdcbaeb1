package dev.moraine.node.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.ingest.disperse.BatchFailure;
import dev.moraine.ingest.disperse.CompletionHandler;
import dev.moraine.node.storagenode.StorageNode;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.sampling.feed.FeedPosition;
import dev.moraine.sampling.feed.FeedReader;
import dev.moraine.sampling.feed.FeedResult;
import dev.moraine.sampling.read.Deadline;
import dev.moraine.sampling.repair.RepairCount;
import dev.moraine.sampling.repair.RepairCounters;
import dev.moraine.testing.Seed;
import dev.moraine.wire.transport.PeerConnection;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeRepairTest {
    private static final int BLOBS = 8;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long EXPIRY = RunningCommittee.EPOCH + RunningCommittee.RETENTION_EPOCHS;

    private final Random random = Seed.random("NodeRepairTest");

    @TempDir
    private Path folder;

    private RunningCommittee nodes;

    @BeforeEach
    void start() throws Exception {
        nodes = new RunningCommittee(folder);
    }

    @AfterEach
    void stop() {
        nodes.close();
    }

    /** Posts blobs, and waits for their certificates. */
    private List<BlobCertificate> post() throws Exception {
        List<CompletableFuture<BlobCertificate>> answers = new ArrayList<>();
        List<BlobCertificate> certificates = new ArrayList<>();
        try (Gateway gateway = nodes.gateway()) {
            for (int i = 0; i < BLOBS; i++) {
                CompletableFuture<BlobCertificate> answer = new CompletableFuture<>();
                byte[] payload = Seed.bytes(random, 1 + random.nextInt(200_000));
                assertTrue(gateway.submit(payload, RunningCommittee.GRANTED, EXPIRY, new CompletionHandler() {
                            @Override
                            public void onCertified(BlobCertificate certificate) {
                                answer.complete(certificate);
                            }

                            @Override
                            public void onFailed(BatchFailure failure) {
                                answer.completeExceptionally(new AssertionError(failure));
                            }
                        })
                        .isAccepted());
                answers.add(answer);
            }
            for (CompletableFuture<BlobCertificate> answer : answers) {
                certificates.add(answer.get(PATIENCE_NS, TimeUnit.NANOSECONDS));
            }
            // The nodes are told of the certificates after whoever posted.
            for (int i = 0; i < RunningCommittee.NODES; i++) {
                StorageNode node = nodes.node(i);
                if (node.storeHealth().pairs() > 0) {
                    await(() -> node.storeHealth().certificates() > 0 && node.storeHealth().pairs() == BLOBS);
                }
            }
        }
        return certificates;
    }

    private static void await(BooleanSupplier condition) {
        long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - startNs < PATIENCE_NS, "it does not come to pass");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    private static void awaitAll(StorageNode node) {
        await(() -> node.storeHealth().pairs() == BLOBS);
    }

    private static RepairCounters repairOf(StorageNode node) {
        return Objects.requireNonNull(node.repairCounters());
    }

    private static void delete(Path wiped) throws IOException {
        try (Stream<Path> files = Files.walk(wiped)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void aWipedNodeFillsUpWhileFOthersAreSilent() throws Exception {
        List<BlobCertificate> certificates = post();
        nodes.stop(3);
        delete(nodes.folder(2));
        StorageNode wiped = nodes.restartRepairing(2);
        await(() -> repairOf(wiped).get(RepairCount.PAIRS_REPAIRED) == BLOBS);
        assertEquals(BLOBS, wiped.storeHealth().pairs());
        assertEquals(0, repairOf(wiped).get(RepairCount.LIES));
        assertEquals(idsOf(certificates), offeredBy(2), "its own list is whole again");
    }

    @Test
    void aNodeThatWasSkippedLearnsWhatItLacks() throws Exception {
        nodes.stop(1);
        post();
        StorageNode skipped = nodes.restartRepairing(0);
        awaitAll(skipped);
        assertTrue(repairOf(skipped).get(RepairCount.CERTIFICATES_LEARNED) > 0);
    }

    @Test
    void damagedSliversAreRebuilt() throws Exception {
        post();
        nodes.stop(1);
        int damaged = damage(nodes.folder(0));
        StorageNode node = nodes.restartRepairing(0);
        assertTrue(damaged > 0);
        await(() -> repairOf(node).get(RepairCount.PAIRS_REPAIRED) > 0 && node.storeHealth().pairs() == BLOBS);
        assertTrue(node.storeHealth().quarantined() > 0);
    }

    /** Flips a bit in several places of the first half of what was written to the segments. */
    private int damage(Path of) throws IOException {
        int count = 0;
        try (Stream<Path> files = Files.list(of)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".segment")).sorted().toList()) {
                try (RandomAccessFile segment = new RandomAccessFile(file.toFile(), "rw")) {
                    for (long at = 60_000; at < 400_000; at += 90_000) {
                        segment.seek(at);
                        int present = segment.read();
                        segment.seek(at);
                        segment.write(present ^ 1);
                        count++;
                    }
                }
                break;
            }
        }
        return count;
    }

    private static Set<BlobId> idsOf(List<BlobCertificate> certificates) {
        Set<BlobId> ids = new HashSet<>();
        certificates.stream().map(BlobCertificate::entry).map(BundleEntry::blobId).forEach(ids::add);
        return ids;
    }

    /** Follows the list of a node from its beginning. */
    private Set<BlobId> offeredBy(int node) throws InterruptedException {
        Set<BlobId> offered = new HashSet<>();
        try (PeerConnection connection = nodes.transport().connect(
                nodes.addresses().get(node), nodes.committee().deploymentId().toBytes(), node)) {
            FeedReader reader = new FeedReader(
                    nodes.committee(), connection, node, Set.of(RunningCommittee.GRANTED), FeedPosition.START);
            while (offered.size() < BLOBS) {
                FeedResult result = reader.next(
                        3,
                        Duration.ofSeconds(5),
                        Deadline.after(SystemNanoClock.INSTANCE, Duration.ofNanos(PATIENCE_NS)));
                offered.addAll(idsOf(assertInstanceOf(FeedResult.Batch.class, result).certificates()));
            }
        }
        return offered;
    }
}
