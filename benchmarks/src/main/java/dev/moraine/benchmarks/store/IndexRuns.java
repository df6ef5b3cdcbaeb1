package dev.moraine.benchmarks.store;

import dev.moraine.benchmarks.report.Row;
import dev.moraine.storage.index.LmdbEnvironment;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.Txn;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Measures what could hold the index, on the index's own pattern: random keys of 33 bytes, values of 184, committed
 * 8,192 at a time with a full sync, and looked up one by one at random.
 */
final class IndexRuns {
    private static final int KEY_BYTES = 33;
    private static final int VALUE_BYTES = 184;
    private static final int COMMIT_ENTRIES = 8_192;
    private static final int LOOKUPS = 50_000;
    private static final long MAP_BYTES = 8L << 30;
    private static final double NANOS = 1e9;

    private final Path folder;
    private final int commits;

    /** What is measured. */
    private interface Candidate extends AutoCloseable {
        void commit(int from, int to) throws Exception;

        boolean has(byte[] key) throws Exception;

        @Override
        void close();
    }

    /**
     * Prepares to measure.
     *
     * @param folder where files go
     * @param commits how many commits
     */
    IndexRuns(Path folder, int commits) {
        this.folder = folder;
        this.commits = commits;
    }

    static byte[] key(int number) {
        byte[] key = new byte[KEY_BYTES];
        new Random(number).nextBytes(key);
        return key;
    }

    /** Commits and lookups of a candidate. */
    private List<Row> run(String who, Candidate candidate) throws Exception {
        try (candidate) {
            double[] rates = new double[commits];
            for (int i = 0; i < commits; i++) {
                long start = System.nanoTime();
                candidate.commit(i * COMMIT_ENTRIES, (i + 1) * COMMIT_ENTRIES);
                rates[i] = COMMIT_ENTRIES * NANOS / (System.nanoTime() - start);
            }
            Random random = new Random(7);
            byte[][] keys = new byte[LOOKUPS][];
            double[] lookups = new double[5];
            for (int round = -1; round < lookups.length; round++) {
                for (int i = 0; i < LOOKUPS; i++) {
                    keys[i] = key(random.nextInt(commits * COMMIT_ENTRIES));
                }
                long start = System.nanoTime();
                for (byte[] key : keys) {
                    if (!candidate.has(key)) {
                        throw new IllegalStateException(who + " lost a key");
                    }
                }
                if (round >= 0) {
                    lookups[round] = LOOKUPS * NANOS / (System.nanoTime() - start);
                }
            }
            String params = commits * COMMIT_ENTRIES + " entries";
            return List.of(
                    Row.of(StoreBars.INDEX_COMMIT, who, params, "entries/s", rates),
                    Row.of(StoreBars.INDEX_GET, who, params, "lookups/s", lookups));
        }
    }

    /** LMDB through {@code java.lang.foreign}, as the store has it. */
    List<Row> foreign() throws Exception {
        Files.createDirectories(folder);
        LmdbEnvironment environment = LmdbEnvironment.open(folder.resolve("foreign.mdb"));
        LmdbEnvironment.Reader reader = environment.reader();
        return run("LMDB by java.lang.foreign", new Candidate() {
            @Override
            public void commit(int from, int to) throws IOException {
                try (LmdbEnvironment.Writer writer = environment.write()) {
                    for (int i = from; i < to; i++) {
                        writer.put(key(i), new byte[VALUE_BYTES]);
                    }
                    writer.commit();
                }
            }

            @Override
            public boolean has(byte[] key) throws IOException {
                MemorySegment.copy(MemorySegment.ofArray(key), 0, reader.key(), 0, KEY_BYTES);
                if (!reader.find(KEY_BYTES)) {
                    return false;
                }
                long first = reader.longAt(0);
                reader.end();
                return first == 0;
            }

            @Override
            public void close() {
                reader.close();
                environment.close();
            }
        });
    }

    /** LMDB through lmdbjava with byte arrays, the one of its proxies that needs no opened package of the JDK. */
    List<Row> lmdbjava() throws Exception {
        Files.createDirectories(folder);
        Env<byte[]> environment = Env.create(ByteArrayProxy.PROXY_BA)
                .setMapSize(MAP_BYTES)
                .setMaxDbs(1)
                .open(folder.resolve("lmdbjava.mdb").toFile(), EnvFlags.MDB_NOSUBDIR, EnvFlags.MDB_NOTLS);
        Dbi<byte[]> table = environment.openDbi("index", DbiFlags.MDB_CREATE);
        Txn<byte[]> reading = environment.txnRead();
        reading.reset();
        return run("LMDB by lmdbjava", new Candidate() {
            @Override
            public void commit(int from, int to) {
                try (Txn<byte[]> writing = environment.txnWrite()) {
                    for (int i = from; i < to; i++) {
                        table.put(writing, key(i), new byte[VALUE_BYTES]);
                    }
                    writing.commit();
                }
            }

            @Override
            public boolean has(byte[] wanted) {
                reading.renew();
                byte[] found = table.get(reading, wanted);
                reading.reset();
                return found != null;
            }

            @Override
            public void close() {
                reading.close();
                environment.close();
            }
        });
    }

    /** RocksDB with a synced batch for every commit. */
    List<Row> rocks() throws Exception {
        Options options = new Options().setCreateIfMissing(true);
        RocksDB rocks = OpenStores.rocks(options, folder.resolve("index-rocks"));
        WriteOptions synced = OpenStores.synced();
        byte[] value = new byte[VALUE_BYTES];
        return run(StoreBars.ROCKSDB, new Candidate() {
            @Override
            public void commit(int from, int to) throws RocksDBException {
                try (WriteBatch batch = new WriteBatch()) {
                    for (int i = from; i < to; i++) {
                        batch.put(key(i), value);
                    }
                    rocks.write(synced, batch);
                }
            }

            @Override
            public boolean has(byte[] key) throws RocksDBException {
                return rocks.get(key) != null;
            }

            @Override
            public void close() {
                rocks.close();
                synced.close();
                options.close();
            }
        });
    }
}
