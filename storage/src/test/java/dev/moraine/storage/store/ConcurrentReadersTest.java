package dev.moraine.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.testing.Seed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrentReadersTest {
    private static final int BLOBS = 200;
    private static final int READERS = 3;

    private final Random random = Seed.random("ConcurrentReadersTest");

    @TempDir
    private Path temporary;

    private SliverStore open() throws StoreException {
        return SliverStore.open(new StoreContext()
                .folder(temporary.resolve("store"))
                .deploymentId(SampleBlob.DEPLOYMENT)
                .segmentBytes(256 << 10));
    }

    private List<SampleBlob> blobs(int count) {
        return Stream.generate(() -> SampleBlob.random(random, 1 + random.nextInt(20_000))).limit(count).toList();
    }

    @Test
    void whatWasAppendedIsServedToAllThreadsWhileMoreIsAppended() throws Exception {
        List<SampleBlob> blobs = blobs(BLOBS);
        AtomicInteger appended = new AtomicInteger();
        try (SliverStore store = open();
                ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
            List<Future<Integer>> reads = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                Random own = new Random(random.nextLong());
                Callable<Integer> reader = () -> readUntilAllAreThere(store, blobs, appended, own);
                reads.add(readers.submit(reader));
            }
            for (SampleBlob blob : blobs) {
                store.appendPair(blob.pair(2));
                List<BundleEntry> entries = List.of(blob.entry(7));
                store.appendCertificate(SampleBlob.certificate(1, entries), entries);
                appended.incrementAndGet();
                if (appended.get() % 16 == 0) {
                    store.force();
                }
            }
            for (Future<Integer> read : reads) {
                assertTrue(read.get() >= BLOBS);
            }
            assertEquals(0, store.health().quarantined());
            assertEquals(BLOBS, store.health().pairs());
            assertTrue(store.health().segments() > 3);
        }
    }

    private static int readUntilAllAreThere(
            SliverStore store, List<SampleBlob> blobs, AtomicInteger appended, Random own) {
        int reads = 0;
        for (int visible = 0; visible < BLOBS; visible = appended.get()) {
            if (visible > 0) {
                SampleBlob blob = blobs.get(own.nextInt(visible));
                blob.assertServed(store, 2);
                assertNotNull(store.certificate(blob.id()));
                assertEquals(blob.commitment().metadata(), store.metadata(blob.id()));
                reads++;
            }
            Thread.onSpinWait();
        }
        for (SampleBlob blob : blobs) {
            blob.assertServed(store, 2);
            reads++;
        }
        return reads;
    }

    @Test
    void anInterruptedReaderGetsItsAnswerAndDisturbsNobody() throws Exception {
        SampleBlob blob = blobs(1).getFirst();
        try (SliverStore store = open()) {
            store.appendPair(blob.pair(0));
            for (int i = 0; i < 3; i++) {
                Thread.currentThread().interrupt();
                blob.assertServed(store, 0);
                assertTrue(Thread.interrupted(), "the interrupt is kept for whoever waits for it");
                blob.assertServed(store, 0);
            }
            store.appendPair(blob.pair(1));
            store.force();
            blob.assertServed(store, 1);
            assertEquals(0, store.health().quarantined());
        }
    }

    @Test
    void anInterruptThatCameBeforeDoesNotFailAWrite() throws Exception {
        SampleBlob blob = blobs(1).getFirst();
        try (SliverStore store = open()) {
            Thread.currentThread().interrupt();
            store.appendPair(blob.pair(0));
            store.force();
            assertTrue(Thread.interrupted());
            assertEquals(StoreHealth.State.OK, store.health().state());
        }
        try (SliverStore store = open()) {
            blob.assertServed(store, 0);
        }
    }
}
