package dev.moraine.benchmarks.store;

import dev.moraine.proofs.hash.Digest;
import dev.moraine.storage.store.SliverStore;
import dev.moraine.storage.store.StoreContext;
import dev.moraine.storage.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.CompressionType;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/** Opens what is measured. */
final class OpenStores {
    private OpenStores() {}

    static SliverStore moraine(Path folder, long segmentBytes) throws StoreException {
        return SliverStore.open(new StoreContext()
                .folder(folder)
                .deploymentId(new Digest(1, 2, 3, 4))
                .segmentBytes(segmentBytes));
    }

    /** RocksDB as its documents advise for large values: in blob files, no compression of random bytes. */
    static Options rocksOptions() {
        return new Options()
                .setCreateIfMissing(true)
                .setEnableBlobFiles(true)
                .setMinBlobSize(4 << 10)
                .setWriteBufferSize(64 << 20)
                .setCompressionType(CompressionType.NO_COMPRESSION);
    }

    static RocksDB rocks(Options options, Path folder) throws RocksDBException, IOException {
        RocksDB.loadLibrary();
        Files.createDirectories(folder);
        return RocksDB.open(options, folder.toString());
    }

    /** Every write is on the disk when it returns. */
    static WriteOptions synced() {
        return new WriteOptions().setSync(true);
    }

    /** Removes a folder with all that is in it. */
    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
                for (Path file : all) {
                    Files.delete(file);
                }
            }
        }
    }
}
