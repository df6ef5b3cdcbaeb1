package dev.moraine.benchmarks.store;

import dev.moraine.benchmarks.report.Row;
import dev.moraine.storage.store.BundleRecord;
import dev.moraine.storage.store.SliverStore;
import dev.moraine.storage.store.StoreException;
import dev.moraine.storage.store.StoreWriterAgent;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/** Measures durable appends, ours and theirs in turns, so that a slow moment of the disk meets both. */
final class AppendRuns {
    private static final int WRITERS = 64;
    private static final long SEGMENT_BYTES = 3L << 30;
    private static final int WARM_UP_ROUNDS = 3;
    /** Until the code that an append runs is compiled. */
    private static final int WARM_UP_APPENDS = 600;
    private static final int ZERO_BYTES = 1 << 20;
    private static final double NANOS = 1e9;
    private static final double MEBIBYTE = 1 << 20;
    private static final int MAX_SPINS = 10;
    private static final long MAX_PARK_NS = 50_000;

    private final Path folder;
    private final int rounds;
    private final int scale;
    private long nextBlob;

    /** One of 64 writers; appends what a number stands for. */
    private interface Writer {
        void append(int number) throws Exception;
    }

    /**
     * Prepares to measure.
     *
     * @param folder where files go
     * @param rounds how often each is measured
     * @param scale how many appends a round has, as a multiple of the least
     */
    AppendRuns(Path folder, int rounds, int scale) {
        this.folder = folder;
        this.rounds = rounds;
        this.scale = scale;
    }

    /** 1 MiB bundles from one writer, beside writes of the same length to a preallocated file. */
    List<Row> bundles() throws IOException, StoreException {
        SampleSlivers slivers = new SampleSlivers(31, 32 << 10);
        int appends = 20 * scale;
        double[] ours = new double[rounds];
        double[] theirs = new double[rounds];
        Path file = folder.resolve("plain");
        try (SliverStore store = OpenStores.moraine(folder.resolve("bundles"), SEGMENT_BYTES);
                FileChannel channel =
                        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            append(store, slivers.bundle(nextBlob++));
            long recordBytes = store.health().bytes();
            for (BundleRecord bundle : bundles(slivers, WARM_UP_APPENDS)) {
                append(store, bundle);
            }
            preallocate(channel, recordBytes * appends * (rounds + WARM_UP_ROUNDS));
            PlainWrites writes = new PlainWrites(channel, Math.toIntExact(recordBytes));
            for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
                List<BundleRecord> bundles = bundles(slivers, appends);
                long start = System.nanoTime();
                for (BundleRecord bundle : bundles) {
                    append(store, bundle);
                }
                long middle = System.nanoTime();
                writes.write(appends, 1);
                long end = System.nanoTime();
                if (round >= 0) {
                    double mebibytes = recordBytes * appends / MEBIBYTE;
                    ours[round] = mebibytes * NANOS / (middle - start);
                    theirs[round] = mebibytes * NANOS / (end - middle);
                }
            }
        }
        String params = slivers.pairBytes() / 1024 + " KiB of slivers, a force each";
        return List.of(
                Row.of(StoreBars.APPEND_BUNDLE, StoreBars.MORAINE, params, "MiB/s", ours),
                Row.of(StoreBars.APPEND_BUNDLE, StoreBars.PWRITE, params, "MiB/s", theirs));
    }

    private static void append(SliverStore store, BundleRecord bundle) throws StoreException {
        store.appendBundle(bundle);
        store.force();
    }

    /** Bundles of one pair each, of blobs that no store has: made, and hashed, before the clock runs. */
    private List<BundleRecord> bundles(SampleSlivers slivers, int count) {
        List<BundleRecord> bundles = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            bundles.add(slivers.bundle(nextBlob++));
        }
        return bundles;
    }

    private static void preallocate(FileChannel channel, long lengthBytes) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(ZERO_BYTES);
        for (long position = 0; position < lengthBytes; position += ZERO_BYTES) {
            channel.write(zeros.clear(), position);
        }
        channel.force(true);
    }

    /**
     * 16 KiB records from 64 writers that share forces, beside one writer that forces each, and beside plain writes that
     * share as many forces: no store can do more.
     */
    List<Row> groupCommit() throws Exception {
        SampleSlivers slivers = new SampleSlivers(4, 3_264);
        int appends = WRITERS * 8 * scale;
        double[] together = new double[rounds];
        double[] oneByOne = new double[rounds];
        double[] plain = new double[rounds];
        try (SliverStore store = OpenStores.moraine(folder.resolve("group"), SEGMENT_BYTES);
                FileChannel channel = FileChannel.open(
                        folder.resolve("plain"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            append(store, slivers.bundle(nextBlob++));
            long recordBytes = store.health().bytes();
            preallocate(channel, recordBytes * appends * (rounds + WARM_UP_ROUNDS));
            PlainWrites writes = new PlainWrites(channel, Math.toIntExact(recordBytes));
            for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
                double shared = byAgent(store, bundles(slivers, appends));
                List<BundleRecord> few = bundles(slivers, Math.max(10, appends / 20));
                long start = System.nanoTime();
                for (BundleRecord bundle : few) {
                    append(store, bundle);
                }
                long middle = System.nanoTime();
                writes.write(appends, WRITERS);
                long end = System.nanoTime();
                if (round >= 0) {
                    together[round] = shared;
                    oneByOne[round] = few.size() * NANOS / (middle - start);
                    plain[round] = appends * NANOS / (end - middle);
                }
            }
        }
        String params = slivers.pairBytes() / 1024 + " KiB of slivers, " + WRITERS + " writers";
        return List.of(
                Row.of(StoreBars.GROUP_COMMIT, StoreBars.MORAINE, params, "records/s", together),
                Row.of(StoreBars.GROUP_COMMIT, StoreBars.ONE_BY_ONE, params, "records/s", oneByOne),
                Row.of(StoreBars.GROUP_COMMIT, StoreBars.PWRITE, params, "records/s", plain));
    }

    private double byAgent(SliverStore store, List<BundleRecord> bundles) throws Exception {
        StoreWriterAgent agent = new StoreWriterAgent(store, 2 * WRITERS);
        try (AgentRunner runner = new AgentRunner(
                new BackoffIdleStrategy(MAX_SPINS, MAX_SPINS, 1_000, MAX_PARK_NS),
                e -> {
                    throw new IllegalStateException(e);
                },
                null,
                agent)) {
            AgentRunner.startOnThread(runner);
            return perSecond(bundles.size(), number -> agent.appendBundle(bundles.get(number)));
        }
    }

    /** 100 KiB slivers from 64 writers, into our store and into RocksDB. */
    List<Row> slivers() throws Exception {
        SampleSlivers slivers = new SampleSlivers(31, 4_864);
        int appends = 64 * 4 * scale;
        byte[] value = slivers.primary().toArray(ValueLayout.JAVA_BYTE);
        double[] ours = new double[rounds];
        double[] theirs = new double[rounds];
        try (SliverStore store = OpenStores.moraine(folder.resolve("slivers"), SEGMENT_BYTES);
                Options options = OpenStores.rocksOptions();
                RocksDB rocks = OpenStores.rocks(options, folder.resolve("rocks"));
                WriteOptions synced = OpenStores.synced()) {
            append(store, slivers.bundle(nextBlob++));
            for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
                double own = byAgent(store, bundles(slivers, appends));
                long first = nextBlob;
                nextBlob += appends;
                double other = perSecond(appends, number -> put(rocks, synced, first + number, value));
                if (round >= 0) {
                    ours[round] = own;
                    theirs[round] = other;
                }
            }
        }
        String params = value.length / 1024 + " KiB, " + WRITERS + " writers";
        return List.of(
                Row.of(StoreBars.APPEND_SLIVER, StoreBars.MORAINE, params, "slivers/s", ours),
                Row.of(StoreBars.APPEND_SLIVER, StoreBars.ROCKSDB, params, "slivers/s", theirs));
    }

    static void put(RocksDB rocks, WriteOptions options, long number, byte[] value) throws RocksDBException {
        rocks.put(options, ByteBuffer.allocate(Long.BYTES).putLong(number).array(), value);
    }

    private double perSecond(int appends, Writer writer) throws InterruptedException, ExecutionException {
        AtomicInteger left = new AtomicInteger(appends);
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            List<Future<Integer>> running = new ArrayList<>();
            long start = System.nanoTime();
            for (int i = 0; i < WRITERS; i++) {
                Callable<Integer> loop = () -> {
                    int done = 0;
                    for (int next = left.decrementAndGet(); next >= 0; next = left.decrementAndGet()) {
                        writer.append(next);
                        done++;
                    }
                    return done;
                };
                running.add(threads.submit(loop));
            }
            for (Future<Integer> one : running) {
                one.get();
            }
            return appends * NANOS / (System.nanoTime() - start);
        }
    }
}
