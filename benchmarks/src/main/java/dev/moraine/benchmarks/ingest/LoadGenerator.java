package dev.moraine.benchmarks.ingest;

import com.sun.management.ThreadMXBean;
import dev.moraine.ingest.disperse.BatchFailure;
import dev.moraine.ingest.disperse.CompletionHandler;
import dev.moraine.ingest.journal.CertificateJournal;
import dev.moraine.ingest.pipeline.Admission;
import dev.moraine.node.gateway.Gateway;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.committee.Committee;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Puts load on a gateway in the same process and measures what comes back. One thread submits. */
final class LoadGenerator {
    private static final long HIGHEST_NS = TimeUnit.MINUTES.toNanos(5);
    private static final int DIGITS = 3;
    private static final int WINDOW_BYTES = 24 << 20;
    private static final int MAX_WINDOW_BATCHES = 4_096;
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long RETENTION_EPOCHS = 2;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Gateway gateway;
    private final Committee committee;
    private final CertificateJournal journal;
    private long stamp = System.nanoTime();

    /** What one phase counts; answers come on the dispersal's thread. */
    private static final class Phase {
        private final Recorder latencies = new Recorder(HIGHEST_NS, DIGITS);
        private final LongAdder certified = new LongAdder();
        private final LongAdder certifiedBytes = new LongAdder();
        private final LongAdder failed = new LongAdder();
        private final AtomicLong open = new AtomicLong();
        private final Recorder refusals = new Recorder(HIGHEST_NS, DIGITS);
        private final Semaphore windowBytes = new Semaphore(WINDOW_BYTES);
        private long refused;
        private long mostLeasedBytes;
    }

    LoadGenerator(Gateway gateway, Committee committee, CertificateJournal journal) {
        this.gateway = gateway;
        this.committee = committee;
        this.journal = journal;
    }

    /** One batch after the other, each when the one before has its certificate. */
    Map<String, Double> oneAtATime(int bytes, int count) throws IOException {
        Batches batches = Batches.ofSizes(String.valueOf(bytes));
        Phase phase = new Phase();
        Before before = new Before();
        for (int i = 0; i < count; i++) {
            submit(batches.next(++stamp), phase, System.nanoTime(), 0);
            while (phase.open.get() > 0) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            }
        }
        return results(phase, before, count);
    }

    /** As many batches in flight as fit a window of bytes. */
    Map<String, Double> saturate(String sizes, double seconds) throws IOException {
        Batches batches = Batches.ofSizes(sizes);
        Phase phase = new Phase();
        Before before = new Before();
        long endNs = before.startNs + (long) (seconds * 1e9);
        long submitted = 0;
        while (System.nanoTime() < endNs) {
            MemorySegment batch = batches.next(++stamp);
            int permits = permits(batch);
            if (!tryAcquire(phase.windowBytes, permits)) {
                continue;
            }
            if (submit(batch, phase, System.nanoTime(), permits)) {
                submitted++;
            } else {
                phase.windowBytes.release(permits);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
        Map<String, Double> measured = results(phase, before, submitted);
        drain(phase);
        return measured;
    }

    /** Batches at the times of a schedule that waits for nothing; latencies count from those times. */
    Map<String, Double> openLoop(String sizes, double ratePerSecond, double seconds) throws IOException {
        Batches batches = Batches.ofSizes(sizes);
        Phase phase = new Phase();
        Before before = new Before();
        long count = (long) (ratePerSecond * seconds);
        for (long i = 0; i < count; i++) {
            long dueNs = before.startNs + (long) (i * 1e9 / ratePerSecond);
            for (long nowNs = System.nanoTime(); nowNs < dueNs; nowNs = System.nanoTime()) {
                LockSupport.parkNanos(dueNs - nowNs);
            }
            submit(batches.next(++stamp), phase, dueNs, 0);
        }
        Map<String, Double> measured = results(phase, before, count);
        drain(phase);
        return measured;
    }

    private static boolean tryAcquire(Semaphore window, int permits) {
        try {
            return window.tryAcquire(permits, 10, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A small batch takes so much of the window that not more than so many are in flight. */
    private static int permits(MemorySegment batch) {
        return Math.clamp(batch.byteSize(), WINDOW_BYTES / MAX_WINDOW_BATCHES, WINDOW_BYTES);
    }

    private boolean submit(MemorySegment batch, Phase phase, long startNs, int permits) {
        long epoch = committee.epochs().epochAt(System.currentTimeMillis());
        phase.open.incrementAndGet();
        long calledNs = System.nanoTime();
        Admission admission = gateway.submit(
                batch,
                BenchNetwork.NAMESPACE,
                epoch + RETENTION_EPOCHS,
                new Answer(phase, batch.byteSize(), permits, startNs, Thread.currentThread()));
        phase.mostLeasedBytes = Math.max(phase.mostLeasedBytes, gateway.leasedBytes());
        if (!admission.isAccepted()) {
            phase.open.decrementAndGet();
            phase.refusals.recordValue(System.nanoTime() - calledNs);
            phase.refused++;
        }
        return admission.isAccepted();
    }

    private static void drain(Phase phase) {
        long endNs = System.nanoTime() + DRAIN_NS;
        while (phase.open.get() > 0 && System.nanoTime() < endNs) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private record Answer(Phase phase, long bytes, int permits, long startNs, Thread waiter)
            implements CompletionHandler {
        @Override
        public void onCertified(BlobCertificate certificate) {
            phase.latencies.recordValue(Math.min(HIGHEST_NS, System.nanoTime() - startNs));
            phase.certified.increment();
            phase.certifiedBytes.add(bytes);
            end();
        }

        @Override
        public void onFailed(BatchFailure failure) {
            phase.failed.increment();
            end();
        }

        private void end() {
            phase.windowBytes.release(permits);
            phase.open.decrementAndGet();
            LockSupport.unpark(waiter);
        }
    }

    /** What stood on the clocks and counters when a phase began. */
    private final class Before {
        private final long startNs = System.nanoTime();
        private final long allocatedBytes = THREADS.getTotalThreadAllocatedBytes();
        private final long fullCollections = fullCollections();
        private final long bundles = gateway.counters().bundles();
        private final long bundled = gateway.counters().bundledBatches();
        private final long syncs = journal.counters().syncs();
        private final long syncNs = journal.counters().syncNs();
    }

    private Map<String, Double> results(Phase phase, Before before, long submitted) {
        double seconds = (System.nanoTime() - before.startNs) / 1e9;
        long allocated = THREADS.getTotalThreadAllocatedBytes() - before.allocatedBytes;
        long certified = phase.certified.sum();
        Histogram latencies = phase.latencies.getIntervalHistogram();
        Histogram refusals = phase.refusals.getIntervalHistogram();
        Map<String, Double> measured = new LinkedHashMap<>();
        measured.put("medianMs", latencies.getValueAtPercentile(50) / 1e6);
        measured.put("p99Ms", latencies.getValueAtPercentile(99) / 1e6);
        measured.put("maxMs", latencies.getMaxValue() / 1e6);
        measured.put("offeredPerSecond", submitted / seconds);
        measured.put("certifiedPerSecond", certified / seconds);
        measured.put("certifiedMbPerSecond", phase.certifiedBytes.sum() / seconds / 1e6);
        measured.put("failed", (double) phase.failed.sum());
        measured.put("refused", (double) phase.refused);
        measured.put("refusalP99Ms", refusals.getValueAtPercentile(99) / 1e6);
        measured.put("allocatedKibPerBatch", allocated / 1024.0 / Math.max(1, certified));
        measured.put("fullCollections", (double) (fullCollections() - before.fullCollections));
        measured.put("mostLeasedMib", phase.mostLeasedBytes / 1048576.0);
        long bundles = gateway.counters().bundles() - before.bundles;
        measured.put(
                "batchesPerBundle",
                (double) (gateway.counters().bundledBatches() - before.bundled) / Math.max(1, bundles));
        long syncs = journal.counters().syncs() - before.syncs;
        measured.put("journalSyncMs", (journal.counters().syncNs() - before.syncNs) / 1e6 / Math.max(1, syncs));
        return measured;
    }

    private static long fullCollections() {
        long count = 0;
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            String name = collector.getName();
            if (name.contains("Old") || name.contains("MarkSweep")) {
                count += collector.getCollectionCount();
            }
        }
        return count;
    }

    /** The batches of a phase: so many pieces of memory, each stamped before it is posted so that no two are the same. */
    static final class Batches {
        private static final int POOL = 16;

        private final MemorySegment[] pool;
        private int next;

        private Batches(MemorySegment[] pool) {
            this.pool = pool;
        }

        /** Batches of random bytes whose sizes take turns, or of files: {@code 131072,1048576} or {@code real:FOLDER}. */
        static Batches ofSizes(String sizes) throws IOException {
            if (sizes.startsWith("real:")) {
                return new Batches(BatchFiles.read(sizes.substring("real:".length())));
            }
            String[] words = sizes.split(",", -1);
            MemorySegment[] pool = new MemorySegment[POOL * words.length];
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < pool.length; i++) {
                byte[] bytes = new byte[Integer.parseInt(words[i % words.length])];
                random.nextBytes(bytes);
                pool[i] = MemorySegment.ofArray(bytes);
            }
            return new Batches(pool);
        }

        MemorySegment next(long stamp) {
            MemorySegment batch = pool[next];
            next = (next + 1) % pool.length;
            byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(stamp).array();
            int length = (int) Math.min(bytes.length, batch.byteSize());
            MemorySegment.copy(MemorySegment.ofArray(bytes), bytes.length - length, batch, 0, length);
            return batch;
        }
    }
}
