package dev.moraine.benchmarks.store;

import com.sun.management.ThreadMXBean;
import dev.moraine.benchmarks.report.Row;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.storage.store.BundleRecord;
import dev.moraine.storage.store.PairRecord;
import dev.moraine.storage.store.SliverStore;
import dev.moraine.storage.store.StoreException;
import dev.moraine.storage.store.SymbolReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/** Measures reads of symbols, and what it takes to open a store. */
final class ReadRuns {
    private static final long SEGMENT_BYTES = 256L << 20;
    private static final int TINY_SYMBOL_BYTES = 64;
    private static final int FORCE_EVERY = 1_000;
    private static final int SAMPLES = 20_000;
    private static final double MICROS = 1e3;
    private static final double NANOS = 1e9;

    private final Path folder;
    private final int rounds;

    /**
     * Prepares to measure.
     *
     * @param folder where files go
     * @param rounds how often each is measured
     */
    ReadRuns(Path folder, int rounds) {
        this.folder = folder;
        this.rounds = rounds;
    }

    private List<BlobId> fill(SliverStore store, SampleSlivers slivers, int blobs) throws StoreException {
        List<BlobId> ids = new ArrayList<>();
        for (int i = 0; i < blobs; i++) {
            PairRecord pair = slivers.pair(i);
            ids.add(pair.metadata().id());
            store.appendBundle(new BundleRecord(List.of(pair), List.of(new BundleRecord.Retention(ids.getLast(), 1))));
            if (i % FORCE_EVERY == 0) {
                store.force();
            }
        }
        store.force();
        return ids;
    }

    /** Median latency and allocation in this process. */
    List<Row> latency(int shards, int blobs) throws StoreException {
        SampleSlivers slivers = new SampleSlivers(shards, 1_024);
        Path place = folder.resolve("latency-" + shards);
        List<BlobId> ids;
        try (SliverStore store = OpenStores.moraine(place, SEGMENT_BYTES)) {
            ids = fill(store, slivers, blobs);
        }
        // Opened again: everything is found through the index on the disk.
        try (SliverStore store = OpenStores.moraine(place, SEGMENT_BYTES)) {
            SymbolReader reader = store.newSymbolReader();
            MemorySegment target = MemorySegment.ofArray(new byte[64 << 10]);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            Random random = new Random(shards);
            double[] medians = new double[rounds];
            double[] allocations = new double[rounds];
            long[] nanos = new long[SAMPLES];
            for (int round = -3; round < rounds; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < SAMPLES; i++) {
                    BlobId id = ids.get(random.nextInt(ids.size()));
                    int symbol = random.nextInt(slivers.storedSymbols());
                    long start = System.nanoTime();
                    int length = reader.read(id, 0, Axis.ROW, symbol, target);
                    nanos[i] = System.nanoTime() - start;
                    if (length < 0) {
                        throw new IllegalStateException("a symbol is missing: " + length);
                    }
                }
                if (round >= 0) {
                    allocations[round] = (double) (threads.getCurrentThreadAllocatedBytes() - before) / SAMPLES;
                    Arrays.sort(nanos);
                    medians[round] = nanos[SAMPLES / 2] / MICROS;
                }
            }
            String params = "n=" + shards + ", 1 KiB symbols, " + blobs + " blobs";
            return List.of(
                    Row.of(StoreBars.SYMBOL, StoreBars.MORAINE, params, "us", medians),
                    Row.of(StoreBars.ALLOCATION, StoreBars.MORAINE, params, "B", allocations));
        }
    }

    /** Random symbol reads in processes of their own, with the files in the page cache. */
    List<Row> cold(int blobs, int reads) throws StoreException, IOException, RocksDBException, InterruptedException {
        SampleSlivers slivers = ColdReader.slivers();
        try (SliverStore store = OpenStores.moraine(folder.resolve("cold"), SEGMENT_BYTES)) {
            fill(store, slivers, blobs);
        }
        byte[] value = slivers.primary().toArray(ValueLayout.JAVA_BYTE);
        try (Options options = OpenStores.rocksOptions();
                RocksDB rocks = OpenStores.rocks(options, folder.resolve("cold-rocks"));
                WriteOptions unsynced = new WriteOptions();
                FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
            for (int i = 0; i < blobs; i++) {
                AppendRuns.put(rocks, unsynced, i, value);
            }
            rocks.flush(flush);
        }
        double[] ours = new double[rounds];
        double[] theirs = new double[rounds];
        for (int round = -1; round < rounds; round++) {
            double own = inProcess(StoreBars.MORAINE, folder.resolve("cold"), blobs, reads);
            double other = inProcess(StoreBars.ROCKSDB, folder.resolve("cold-rocks"), blobs, reads);
            if (round >= 0) {
                ours[round] = own;
                theirs[round] = other;
            }
        }
        String params = reads + " reads of " + blobs + " slivers of " + value.length / 1024 + " KiB";
        return List.of(
                Row.of(StoreBars.COLD_SYMBOL, StoreBars.MORAINE, params, "symbols/s", ours),
                Row.of(StoreBars.COLD_SYMBOL, StoreBars.ROCKSDB, params, "symbols/s", theirs));
    }

    private static double inProcess(String who, Path place, int blobs, int reads)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ColdReader.class.getName(),
                        who,
                        place.toString(),
                        Integer.toString(blobs),
                        Integer.toString(reads))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        if (process.waitFor() != 0) {
            throw new IOException("the reading process of " + who + " failed");
        }
        return reads * NANOS / Long.parseLong(output);
    }

    /** How long the opening of a store takes, and how much heap it needs then. */
    List<Row> opening(int blobs) throws StoreException {
        SampleSlivers slivers = new SampleSlivers(4, TINY_SYMBOL_BYTES);
        Path place = folder.resolve("open-" + blobs);
        try (SliverStore store = OpenStores.moraine(place, SEGMENT_BYTES)) {
            for (int i = 0; i < blobs; i++) {
                store.appendBundle(new BundleRecord(List.of(slivers.pair(i)), List.of()));
                if (i % FORCE_EVERY == 0) {
                    store.force();
                }
            }
        }
        double[] seconds = new double[rounds];
        double[] heaps = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            System.gc();
            long before = usedHeap();
            long start = System.nanoTime();
            try (SliverStore store = OpenStores.moraine(place, SEGMENT_BYTES)) {
                seconds[round] = (System.nanoTime() - start) / NANOS;
                System.gc();
                heaps[round] = Math.max(64, (usedHeap() - before) / 1024);
                if (store.health().pairs() != blobs) {
                    throw new IllegalStateException("of " + blobs + " pairs there are " + store.health().pairs());
                }
            }
        }
        String params = blobs + " blobs";
        return List.of(
                Row.of(StoreBars.OPEN, StoreBars.MORAINE, params, "s", seconds),
                Row.of(StoreBars.HEAP, StoreBars.MORAINE, params, "KiB", heaps));
    }

    private static long usedHeap() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
