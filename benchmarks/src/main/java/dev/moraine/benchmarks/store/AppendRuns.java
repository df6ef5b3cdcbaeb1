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
    private static final long SEGMENT_BYTES = 2L << 30;
    private static final int WARM_UP_ROUNDS = 3;
    private static final int ZERO_BYTES = 1 << 20;
    private static final double NANOS = 1e9;
    private static final double MEBIBYTE = 1 << 20;
    private static final int MAX_SPINS = 10;
    private static final long MAX_PARK_NS = 50_000;

    private final Path folder;
    private final int rounds;
    private final int scale;
    private long nextBlob;

    /** One of 64 writers; gives the number of a blob to every append. */
    private interface Writer {
        void append(long number) throws Exception;
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
            append(store, slivers);
            long recordBytes = store.health().bytes();
            preallocate(channel, recordBytes * appends * (rounds + WARM_UP_ROUNDS));
            ByteBuffer record = ByteBuffer.allocateDirect(Math.toIntExact(recordBytes));
            record.put(0, slivers.primary().asByteBuffer(), 0, Math.toIntExact(slivers.primary().byteSize()));
            long position = 0;
            for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
                long start = System.nanoTime();
                for (int i = 0; i < appends; i++) {
                    append(store, slivers);
                }
                long middle = System.nanoTime();
                for (int i = 0; i < appends; i++) {
                    channel.write(record.clear(), position);
                    channel.force(false);
                    position += recordBytes;
                }
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

    private void append(SliverStore store, SampleSlivers slivers) throws StoreException {
        store.appendBundle(new BundleRecord(List.of(slivers.pair(nextBlob++)), List.of()));
        store.force();
    }

    private static void preallocate(FileChannel channel, long lengthBytes) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(ZERO_BYTES);
        for (long position = 0; position < lengthBytes; position += ZERO_BYTES) {
            channel.write(zeros.clear(), position);
        }
        channel.force(true);
    }

    /** 16 KiB records from 64 writers that share forces, beside one writer that forces each. */
    List<Row> groupCommit() throws Exception {
        SampleSlivers slivers = new SampleSlivers(4, 3_264);
        int appends = 64 * 8 * scale;
        double[] together = new double[rounds];
        double[] oneByOne = new double[rounds];
        try (SliverStore store = OpenStores.moraine(folder.resolve("group"), SEGMENT_BYTES)) {
            append(store, slivers);
            for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
                double shared = byAgent(store, slivers, appends);
                int few = Math.max(10, appends / 20);
                long start = System.nanoTime();
                for (int i = 0; i < few; i++) {
                    append(store, slivers);
                }
                if (round >= 0) {
                    together[round] = shared;
                    oneByOne[round] = few * NANOS / (System.nanoTime() - start);
                }
            }
        }
        String params = slivers.pairBytes() / 1024 + " KiB of slivers, " + WRITERS + " writers";
        return List.of(
                Row.of(StoreBars.GROUP_COMMIT, StoreBars.MORAINE, params, "records/s", together),
                Row.of(StoreBars.GROUP_COMMIT, StoreBars.ONE_BY_ONE, params, "records/s", oneByOne));
    }

    private double byAgent(SliverStore store, SampleSlivers slivers, int appends) throws Exception {
        StoreWriterAgent agent = new StoreWriterAgent(store, 2 * WRITERS);
        try (AgentRunner runner = new AgentRunner(
                new BackoffIdleStrategy(MAX_SPINS, MAX_SPINS, 1_000, MAX_PARK_NS),
                e -> {
                    throw new IllegalStateException(e);
                },
                null,
                agent)) {
            AgentRunner.startOnThread(runner);
            return perSecond(appends, number ->
                    agent.appendBundle(new BundleRecord(List.of(slivers.pair(number)), List.of())));
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
            append(store, slivers);
            for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
                double own = byAgent(store, slivers, appends);
                double other = perSecond(appends, number -> put(rocks, synced, number, value));
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
        long first = nextBlob;
        nextBlob += appends;
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            List<Future<Integer>> running = new ArrayList<>();
            long start = System.nanoTime();
            for (int i = 0; i < WRITERS; i++) {
                Callable<Integer> loop = () -> {
                    int done = 0;
                    for (int next = left.decrementAndGet(); next >= 0; next = left.decrementAndGet()) {
                        writer.append(first + next);
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
